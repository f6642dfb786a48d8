#include "agent/cli/code_words.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/domain/coupon_terms.h"

namespace tillside::cli {
namespace {

using nlohmann::ordered_json;

class Rows {
 public:
  void add(const char* zh, const char* en, const std::string& value) { rows_.push_back({zh, en, value, value}); }
  void add(const char* zh, const char* en, std::string value_zh, std::string value_en) {
    rows_.push_back({zh, en, std::move(value_zh), std::move(value_en)});
  }
  template <class Number>
  void number(const char* zh, const char* en, Number value) {
    add(zh, en, std::to_string(value));
  }
  std::vector<Row> take() && { return std::move(rows_); }

 private:
  std::vector<Row> rows_;
};

struct Words {
  const char* zh;
  const char* en;
};

Words words_of(CampaignKind kind) {
  switch (kind) {
    case CampaignKind::next_visit:
      return {"下次来店券", "next visit"};
    case CampaignKind::welcome:
      return {"入群欢迎券", "welcome"};
    case CampaignKind::pickup:
      return {"到店取货券", "pickup"};
    case CampaignKind::benefit:
      return {"会员权益", "benefit"};
  }
  return {"", ""};
}

Words words_of(Policy policy) {
  return policy == Policy::strict ? Words{"严格：只有发券的收银机能核销，别处须它先让出",
                                          "strict: elsewhere only once its home till has yielded it"}
                                  : Words{"发券的收银机断网也能核销，别处须联网",
                                          "home: its home till decides offline too, others ask headquarters"};
}

Words words_of(CodeReading::What what) {
  switch (what) {
    case CodeReading::What::coupon:
      return {"优惠券", "coupon"};
    case CodeReading::What::typed:
      return {"优惠券的短码", "a coupon's typed form"};
    case CodeReading::What::referral:
      return {"一笔销售的入群邀请码", "join code of a checkout"};
    case CodeReading::What::badge:
      return {"导购工牌或立牌的邀请码", "join code of a badge or standee"};
    case CodeReading::What::unknown:
      break;
  }
  return {"不是本系统的码", "no code of ours"};
}

Words form_words(const std::string& form) {
  if (form == "url") return {"二维码网址", "QR address"};
  if (form == "bare") return {"154 位裸码", "bare 154 characters"};
  if (form == "typed") return {"手输 16 位", "typed, 16 characters"};
  if (form == "digits") return {"条码 24 位数字", "bar code, 24 digits"};
  return {"30 位裸码", "bare 30 characters"};
}

std::string person_of(const CouponBody& body) { return fmt::format("{:08x}", body.person); }

void coupon_rows(Rows& rows, const CouponBody& body, const Surroundings& where) {
  const Validity validity = validity_of(body, where.zone);
  const Reward reward = reward_of(body);
  rows.add("券号", "id", coupon_id(body));
  rows.add("种类", "kind", words_of(body.kind).zh, words_of(body.kind).en);
  rows.number("活动号", "campaign", body.campaign);
  rows.add("优惠", "reward", reward_words_zh(reward, where.currency), reward_words_en(reward, where.currency));
  rows.add("发出", "issued", format_time(from_code_minutes(body.issued_minute), where.zone));
  rows.add("生效", "valid from", format_time(validity.from, where.zone));
  rows.add("有效至", "valid until", format_time(validity.until, where.zone));
  if (!where.known) rows.add("时区", "time zone", where.zone.name() + "（假定）", where.zone.name() + " (assumed)");
  rows.number("归属门店", "home store", body.home_store);
  if (body.key.till == 0) {
    rows.add("发券", "issued by", "总部", "headquarters");
  } else {
    rows.number("收银机号", "till", body.key.till);
  }
  rows.number("密钥代次", "key generation", body.key.generation);
  rows.number("序号", "serial", body.serial);
  if (body.staff == 0) {
    rows.add("导购", "staff", "门店本身", "the store itself");
  } else {
    rows.number("导购", "staff", body.staff);
  }
  if (body.person == 0) {
    rows.add("给谁", "for", "持券人", "whoever bears it");
  } else {
    rows.add("给谁", "for", "指定的人（标记 " + person_of(body) + "）", "one person (tag " + person_of(body) + ")");
  }
  rows.add("核销规则", "policy", words_of(body.policy).zh, words_of(body.policy).en);
}

void typed_rows(Rows& rows, const TypedCode& code) {
  if (code.till == 0) {
    rows.add("发券", "issued by", "总部", "headquarters");
  } else {
    rows.number("收银机号", "till", code.till);
  }
  rows.add("序号（低 24 位）", "serial (low 24 bits)", std::to_string(code.serial_low));
  rows.add("短码", "typed", format_typed(code));
  rows.add("条码", "digits", format_typed_digits(code));
}

void referral_rows(Rows& rows, const Referral& referral, const Surroundings& where) {
  const std::string minute = format_time(from_code_minutes(referral.minute), where.zone);
  rows.number(referral.checkout ? "收银机号" : "门店", referral.checkout ? "till" : "store", referral.till_or_store);
  rows.number("导购", "staff", referral.staff);
  if (referral.checkout) {
    rows.add("展示于", "shown at", minute);
    rows.number("单据序数", "checkout's ordinal", referral.ordinal);
  } else {
    rows.add("有效至", "valid until", minute);
  }
}

ordered_json coupon_json(const CouponBody& body, const Surroundings& where) {
  const Validity validity = validity_of(body, where.zone);
  const Reward reward = reward_of(body);
  return {{"id", coupon_id(body)},
          {"version", 1},
          {"kind", name_of(body.kind)},
          {"campaign", body.campaign},
          {"reward", name_of(body.reward)},
          {"value", body.value},
          {"min_spend", body.min_spend},
          {"reward_zh", reward_words_zh(reward, where.currency)},
          {"reward_en", reward_words_en(reward, where.currency)},
          {"issued", format_time(from_code_minutes(body.issued_minute), where.zone)},
          {"valid_from", format_time(validity.from, where.zone)},
          {"valid_until", format_time(validity.until, where.zone)},
          {"policy", name_of(body.policy)},
          {"home_store", body.home_store},
          {"till", body.key.till},
          {"key_generation", body.key.generation},
          {"serial", body.serial},
          {"staff", body.staff},
          {"person", body.person == 0 ? ordered_json() : ordered_json(person_of(body))}};
}

ordered_json referral_json(const Referral& referral, const Surroundings& where) {
  const std::string minute = format_time(from_code_minutes(referral.minute), where.zone);
  ordered_json object;
  object[referral.checkout ? "till" : "store"] = referral.till_or_store;
  object["staff"] = referral.staff;
  object[referral.checkout ? "shown_at" : "valid_until"] = minute;
  if (referral.checkout) object["ordinal"] = referral.ordinal;
  return object;
}

}  // namespace

std::vector<Row> rows_of(const CodeReading& reading, const Surroundings& where) {
  Rows rows;
  rows.add("是什么", "what", words_of(reading.what).zh, words_of(reading.what).en);
  if (!reading.form.empty()) rows.add("写法", "form", form_words(reading.form).zh, form_words(reading.form).en);
  if (!reading.host.empty()) rows.add("网址主机", "host", reading.host);
  if (reading.coupon) coupon_rows(rows, *reading.coupon, where);
  if (reading.typed) typed_rows(rows, *reading.typed);
  if (reading.referral) referral_rows(rows, *reading.referral, where);
  return std::move(rows).take();
}

ordered_json json_of(const CodeReading& reading, const Surroundings& where) {
  ordered_json object{{"what", name_of(reading.what)}};
  if (!reading.form.empty()) object["form"] = reading.form;
  if (!reading.host.empty()) object["host"] = reading.host;
  if (reading.coupon) object["coupon"] = coupon_json(*reading.coupon, where);
  if (reading.typed) {
    object["typed"] = {{"till", reading.typed->till},
                       {"serial_low", reading.typed->serial_low},
                       {"typed", format_typed(*reading.typed)},
                       {"digits", format_typed_digits(*reading.typed)}};
  }
  if (reading.referral) object["referral"] = referral_json(*reading.referral, where);
  if (!reading.field.empty()) object["field"] = reading.field;
  object["zone"] = where.zone.name();
  object["zone_assumed"] = !where.known;
  return object;
}

}  // namespace tillside::cli
