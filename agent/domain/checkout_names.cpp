#include <array>

#include "agent/domain/checkout.h"
#include "agent/domain/member.h"
#include "agent/domain/staff.h"

namespace tillside {
namespace {

// One list of names for each closed vocabulary, in the order of its enum.
constexpr std::array kStates = {"total",     "completed", "suspended", "resumed", "voided",   "returned",
                                "exchanged", "no_sale",   "reprint",   "sign_on", "sign_off", "day_close"};
constexpr std::array kLineKinds = {"sale", "returned", "voided", "discount", "deposit", "fee"};
constexpr std::array kTenderTypes = {"cash",   "wechat", "alipay",   "card",         "member_balance", "voucher",
                                     "cheque", "credit", "unionpay", "digital_yuan", "other"};
constexpr std::array kFlags = {"totals_do_not_add_up",
                               "tenders_do_not_add_up",
                               "decimals_rounded",
                               "unknown_fields_dropped",
                               "business_date_assumed",
                               "late",
                               "restart",
                               "unknown_original",
                               "other_store",
                               "identifier_ignored",
                               "returned_before",
                               "over_return",
                               "discounts_differ"};
constexpr std::array kIdTypeNames = {"phone", "card", "member_code", "unionid", "openid", "external_userid"};
constexpr std::array kProofs = {"named", "scanned", "paid"};
constexpr std::array kScopes = {"store", "chain"};
constexpr std::array kVerdicts = {"member", "not_member", "unknown", "unidentified"};
constexpr std::array kRoles = {"guide", "cashier", "manager"};

static_assert(kStates.size() == static_cast<std::size_t>(CheckoutState::day_close) + 1);
static_assert(kLineKinds.size() == static_cast<std::size_t>(LineKind::fee) + 1);
static_assert(kTenderTypes.size() == static_cast<std::size_t>(TenderType::other) + 1);
static_assert(kFlags.size() == static_cast<std::size_t>(Flag::discounts_differ) + 1);
static_assert(kIdTypeNames.size() == kIdTypes);

template <class Enum, std::size_t N>
const char* name_in(const std::array<const char*, N>& names, Enum value, std::size_t first = 0) {
  const std::size_t index = static_cast<std::size_t>(value) - first;
  return index < N ? names[index] : "invalid";
}

template <class Enum, std::size_t N>
std::optional<Enum> value_in(const std::array<const char*, N>& names, std::string_view name, std::size_t first = 0) {
  for (std::size_t i = 0; i < N; ++i)
    if (name == names[i]) return static_cast<Enum>(i + first);
  return std::nullopt;
}

}  // namespace

const char* name_of(CheckoutState state) { return name_in(kStates, state); }
const char* name_of(LineKind kind) { return name_in(kLineKinds, kind); }
const char* name_of(TenderType type) { return name_in(kTenderTypes, type); }
const char* name_of(Flag flag) { return name_in(kFlags, flag); }
const char* name_of(IdType type) { return name_in(kIdTypeNames, type, 1); }
const char* name_of(Proof proof) { return name_in(kProofs, proof); }
const char* name_of(Scope scope) { return name_in(kScopes, scope); }
const char* name_of(VerdictStatus status) { return name_in(kVerdicts, status); }
const char* name_of(StaffRole role) { return name_in(kRoles, role); }

std::optional<CheckoutState> checkout_state_of(std::string_view name) { return value_in<CheckoutState>(kStates, name); }
std::optional<LineKind> line_kind_of(std::string_view name) { return value_in<LineKind>(kLineKinds, name); }
std::optional<TenderType> tender_type_of(std::string_view name) { return value_in<TenderType>(kTenderTypes, name); }
std::optional<IdType> id_type_of(std::string_view name) { return value_in<IdType>(kIdTypeNames, name, 1); }
std::optional<Proof> proof_of(std::string_view name) { return value_in<Proof>(kProofs, name); }
std::optional<VerdictStatus> verdict_status_of(std::string_view name) {
  return value_in<VerdictStatus>(kVerdicts, name);
}
std::optional<StaffRole> staff_role_of(std::string_view name) { return value_in<StaffRole>(kRoles, name); }

}  // namespace tillside
