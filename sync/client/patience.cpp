#include "sync/client/patience.h"

namespace tillside::sync {

std::int64_t Patience::after(const Trouble& trouble) {
  if (trouble.kind == TroubleKind::refused) return refused_.next_ms(trouble.retry_after_s);
  if (trouble.kind == TroubleKind::unauthorised) return unauthorised_.next_ms(trouble.retry_after_s);
  return passing_.next_ms(trouble.retry_after_s);
}

void Patience::reset() {
  passing_.reset();
  refused_.reset();
  unauthorised_.reset();
}

}  // namespace tillside::sync
