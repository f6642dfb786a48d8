#include "agent/domain/campaign_json_parts.h"

namespace tillside::terms {

Benefit read_benefit(Fields fields, Trouble& trouble) {
  Benefit benefit;
  fields.need("type");
  benefit.type = named(fields, "type", {BenefitType::percent_off, BenefitType::amount_off, BenefitType::price},
                       BenefitType::percent_off, trouble);
  switch (benefit.type) {
    case BenefitType::percent_off:
      benefit.basis_points = static_cast<std::int32_t>(fields.integer("basis_points", 1, 9999));
      break;
    case BenefitType::amount_off:
      benefit.amount = fields.integer("amount", 1, kMaxAmount);
      break;
    case BenefitType::price:
      benefit.amount = fields.integer("price", 1, kMaxAmount);
      break;
  }
  benefit.cap = fields.optional_integer("cap", 1, kMaxAmount);
  benefit.skus = fields.texts("skus", kMaxList, kMaxText);
  benefit.categories = fields.texts("categories", kMaxList, kMaxText);
  benefit.unit = fields.optional_text("unit", kMaxName);
  benefit.limit_quantity = fields.optional_integer("limit_quantity", 1, kMaxQuantity);
  fields.refuse_others();
  return benefit;
}

ordered_json write_benefit(const Benefit& benefit) {
  ordered_json out{{"type", name_of(benefit.type)}};
  const auto same = [](const std::string& value) { return value; };
  if (benefit.type == BenefitType::percent_off) out["basis_points"] = benefit.basis_points;
  if (benefit.type == BenefitType::amount_off) out["amount"] = benefit.amount;
  if (benefit.type == BenefitType::price) out["price"] = benefit.amount;
  if (benefit.cap) out["cap"] = *benefit.cap;
  write_list(out, "skus", benefit.skus, same);
  write_list(out, "categories", benefit.categories, same);
  if (!benefit.unit.empty()) out["unit"] = benefit.unit;
  if (benefit.limit_quantity) out["limit_quantity"] = *benefit.limit_quantity;
  return out;
}

}  // namespace tillside::terms
