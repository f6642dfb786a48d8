/* Hands whole documents over, one a line, as a POS does that writes its own JSON: advice at "total", then the sale;
 * voids, returns and the rest by the call that takes them. Counts what became of them and prints one line of JSON.
 *
 *   cc -std=c11 play_documents.c -I<tillside> -L<folder of libtillside_pos> -ltillside_pos -o play_documents
 *   ./play_documents --socket /run/tillside/agent.sock --spool /var/spool/pos < documents.jsonl
 *
 * Exit: 0 every document is with the agent, 3 some were queued, refused or not kept, 2 usage. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pos_adapter/plugin/tillside_pos.h"

enum { LONGEST = 1 << 20 };

struct tally {
  unsigned documents, advised, taken, queued, refused, not_kept;
};

/* "state":"completed" and the like; a POS knows what it is doing without looking. */
static int is_state(const char* document, const char* state) {
  const char* at = strstr(document, "\"state\":\"");
  return at != NULL && strncmp(at + 9, state, strlen(state)) == 0 && at[9 + strlen(state)] == '"';
}

/* The same document at "total": its state differs, nothing else needs to. */
static size_t at_total(const char* document, char* out) {
  const char* state = strstr(document, "\"state\":\"completed\"");
  if (state == NULL) return 0;
  const size_t head = (size_t)(state - document);
  memcpy(out, document, head);
  return head + (size_t)snprintf(out + head, LONGEST - head, "\"state\":\"total\"%s",
                                 state + strlen("\"state\":\"completed\""));
}

static int32_t hand_over(tillside_pos_handle line, const char* document, size_t size, tillside_pos_answer* answer) {
  if (is_state(document, "completed") || is_state(document, "exchanged"))
    return tillside_pos_complete(line, document, size, 0, answer);
  if (is_state(document, "voided") || is_state(document, "returned"))
    return tillside_pos_reverse(line, document, size, 0, answer);
  return tillside_pos_event(line, document, size, 0, answer);
}

static void play(tillside_pos_handle line, char* document, char* total, struct tally* tally) {
  static char text[TILLSIDE_POS_ANSWER_USUAL];
  tillside_pos_answer answer = {TILLSIDE_POS_ABI_VERSION, sizeof answer, text, sizeof text, 0, 0, 0, 0, 0, 0, 0};
  document[strcspn(document, "\r\n")] = 0;
  if (document[0] == 0) return;
  ++tally->documents;
  const size_t asked = at_total(document, total);
  if (asked > 0 && tillside_pos_advise(line, total, asked, 0, &answer) == TILLSIDE_POS_ANSWERED) ++tally->advised;
  switch (hand_over(line, document, strlen(document), &answer)) {
    case TILLSIDE_POS_TAKEN:
      ++tally->taken;
      break;
    case TILLSIDE_POS_QUEUED:
      ++tally->queued;
      break;
    case TILLSIDE_POS_REFUSED:
      ++tally->refused;
      break;
    default:
      ++tally->not_kept;
      break;
  }
}

int main(int argc, char** argv) {
  tillside_pos_options options = {TILLSIDE_POS_ABI_VERSION, sizeof options, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0};
  for (int i = 1; i + 1 < argc; i += 2) {
    if (strcmp(argv[i], "--socket") == 0)
      options.socket_path = argv[i + 1];
    else if (strcmp(argv[i], "--spool") == 0)
      options.spool_folder = argv[i + 1];
    else
      return 2;
  }
  tillside_pos_handle line = 0;
  int32_t why = 0;
  if (tillside_pos_open(&options, &line, &why) == TILLSIDE_POS_MISUSE) {
    fprintf(stderr, "%s\n", tillside_pos_why_text(why));
    return 2;
  }
  char *document = malloc(LONGEST), *total = malloc(LONGEST);
  struct tally tally = {0, 0, 0, 0, 0, 0};
  while (document != NULL && total != NULL && fgets(document, LONGEST, stdin) != NULL)
    play(line, document, total, &tally);
  tillside_pos_close(line, 5000);
  free(document), free(total);
  printf("{\"documents\":%u,\"advised\":%u,\"taken\":%u,\"queued\":%u,\"refused\":%u,\"not_kept\":%u}\n",
         tally.documents, tally.advised, tally.taken, tally.queued, tally.refused, tally.not_kept);
  return tally.taken == tally.documents ? 0 : 3;
}
