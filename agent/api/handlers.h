// The calls, each answering one kind of request. Called on an io thread; none blocks on the network or on a commit.
#pragma once

#include <string>
#include <string_view>

#include "agent/api/call.h"
#include "agent/api/context.h"

namespace tillside::api {

// checkout_routes.cpp
void advise(Context& context, Call call);
void complete(Context& context, Call call);
void reverse(Context& context, Call call);
void lane_event(Context& context, Call call);
void not_printed(Context& context, Call call);
void prompt(Context& context, Call call);

// coupon_routes.cpp
void check_coupon(Context& context, Call call);
void hold_coupon(Context& context, Call call);
void release_coupon(Context& context, Call call);
void hand_over_coupon(Context& context, Call call);

// scan_routes.cpp
void take_scan(Context& context, Call call);

// receipt_routes.cpp
void receipt(Context& context, Call call);

// qr_routes.cpp
void qr_code(Context& context, Call call);

// shop_routes.cpp
void shop_facts(Context& context, Call call);
void staff_list(Context& context, Call call);
void staff_referral(Context& context, Call call);

// enrolment_routes.cpp
void enrolment(Context& context, Call call);

// status_routes.cpp
void health(Context& context, Call call);
void metrics(Context& context, Call call);
void status(Context& context, Call call);
void openapi(Context& context, Call call);

// page_routes.cpp
void page(Context& context, Call call);
void make_link(Context& context, Call call);
void open_link(Context& context, Call call);
bool is_page(std::string_view path);
std::string link_url(Context& context, std::string_view page);  // is_page(page)

// events_socket.cpp
void events(Context& context, Call call);

// receipt_routes.cpp: the join code as it is printed: between rules under the shop's name, with its words.
void send_invitation(Context& context, Call& call, std::string url);

// qr_routes.cpp: a referral URL's symbol in the format the query asks for.
void send_symbol(Context& context, Call& call, const std::string& url, std::string_view title);

}  // namespace tillside::api
