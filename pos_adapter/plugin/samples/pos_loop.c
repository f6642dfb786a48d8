/* A till's loop through the C interface: a template to copy. Reads what the cashier does from standard input, one word
 * or number a line, and speaks to the agent where a POS would.
 *
 *   cc -std=c11 pos_loop.c -I<tillside> -L<folder of libtillside_pos> -ltillside_pos -o pos_loop
 *   printf 'sign_on\n1990\n5000\ntotal\nclose\nday_close\n' | ./pos_loop --socket /run/tillside/agent.sock --lane L1
 *
 *   a number    a line of that many fen      phone NUMBER  the customer says one
 *   total       asks for advice              close         is paid, and completed
 *   return      gives the last sale back     sign_on, sign_off, day_close, no_sale
 *
 * Whatever the agent does, each of these goes on: see the comments at `switch`. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pos_adapter/plugin/tillside_pos.h"

enum { MOST_LINES = 50, JSON_ROOM = 16384 };

struct till {
  tillside_pos_handle line;
  const char *store, *lane;
  int64_t next_number;            /* the POS's own ticket number, rising */
  int64_t last_sale, last_amount; /* for a return */
  int64_t amounts[MOST_LINES];
  size_t lines;
  char phone[32];
  char showing[64]; /* from advise, to be handed back with the sale */
  char answer_text[TILLSIDE_POS_ANSWER_USUAL];
  tillside_pos_answer answer;
};

static void say_what_came(const char* call, int32_t outcome, const tillside_pos_answer* answer) {
  static const char* const names[] = {"ANSWERED", "TAKEN", "QUEUED", "REFUSED", "CARRY_ON", "NOT_KEPT"};
  const char* name = outcome == TILLSIDE_POS_MISUSE ? "MISUSE" : names[outcome];
  printf("%s: %s", call, name);
  if (answer->why != TILLSIDE_POS_WHY_NOTHING) printf(" (%s)", tillside_pos_why_text(answer->why));
  printf("\n");
}

static int64_t total_of(const struct till* till) {
  int64_t total = 0;
  for (size_t i = 0; i < till->lines; ++i) total += till->amounts[i];
  return total;
}

/* A real POS writes its own receipt here. Every field is explained in docs/checkout.md; occurred_at and business_date
 * are given so that a document that has to wait is still dated right. */
static size_t write_checkout(const struct till* till, const char* state, int64_t number, int sign, char* json) {
  char now[32], day[16];
  const time_t clock = time(NULL);
  strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", gmtime(&clock));
  strftime(day, sizeof day, "%Y-%m-%d", localtime(&clock));
  const int64_t total = sign < 0 ? -till->last_amount : total_of(till);
  int size = snprintf(json, JSON_ROOM,
                      "{\"checkout_id\":\"%s-%" PRId64
                      "\",\"state\":\"%s\",\"store_id\":\"%s\",\"lane_id\":\"%s\","
                      "\"business_date\":\"%s\",\"sequence\":%" PRId64
                      ",\"occurred_at\":\"%s\",\"operator_id\":\"E1007\",\"currency\":\"CNY\",\"lines\":[",
                      till->lane, number, state, till->store, till->lane, day, number, now);
  for (size_t i = 0; sign > 0 && i < till->lines; ++i)
    size += snprintf(json + size, JSON_ROOM - (size_t)size,
                     "%s{\"line_no\":%zu,\"sku\":\"%zu\",\"kind\":\"sale\",\"quantity\":\"1\",\"unit_price\":%" PRId64
                     ",\"amount\":%" PRId64 "}",
                     i == 0 ? "" : ",", i + 1, i + 1, till->amounts[i], till->amounts[i]);
  if (sign < 0)
    size += snprintf(json + size, JSON_ROOM - (size_t)size,
                     "{\"line_no\":1,\"sku\":\"1\",\"kind\":\"returned\",\"quantity\":\"-1\",\"unit_price\":%" PRId64
                     ",\"amount\":%" PRId64 "}",
                     till->last_amount, total);
  size += snprintf(json + size, JSON_ROOM - (size_t)size,
                   "],\"totals\":{\"gross\":%" PRId64 ",\"discount\":0,\"tax\":0,\"net\":%" PRId64 "}", total, total);
  if (strcmp(state, "completed") == 0 || sign < 0)
    size += snprintf(json + size, JSON_ROOM - (size_t)size, ",\"tenders\":[{\"type\":\"cash\",\"amount\":%" PRId64 "}]",
                     total);
  if (sign < 0)
    size += snprintf(json + size, JSON_ROOM - (size_t)size, ",\"original\":{\"checkout_id\":\"%s-%" PRId64 "\"}",
                     till->lane, till->last_sale);
  if (till->phone[0] != '\0' && sign > 0)
    size +=
        snprintf(json + size, JSON_ROOM - (size_t)size,
                 ",\"customer\":{\"ids\":[{\"type\":\"phone\",\"value\":\"%s\",\"proof\":\"named\"}]}", till->phone);
  if (till->showing[0] != '\0' && sign > 0)
    size += snprintf(json + size, JSON_ROOM - (size_t)size, ",\"showing_id\":\"%s\"", till->showing);
  size += snprintf(json + size, JSON_ROOM - (size_t)size,
                   ",\"source\":{\"adapter\":\"c_abi\",\"pos\":\"pos_loop 1\",\"confidence\":\"exact\"}}");
  return (size_t)size;
}

static void advise(struct till* till) {
  char json[JSON_ROOM], words[512];
  const size_t size = write_checkout(till, "total", till->next_number, 1, json);
  const int32_t outcome = tillside_pos_advise(till->line, json, size, 0, &till->answer);
  say_what_came("advise", outcome, &till->answer);
  till->showing[0] = '\0';
  if (outcome != TILLSIDE_POS_ANSWERED || till->answer.too_small) return; /* nothing to show: the sale goes on */
  const char* text = till->answer_text;
  const size_t length = till->answer.json_size;
  tillside_pos_showing_id(text, length, till->showing, sizeof till->showing);
  switch (tillside_pos_verdict(text, length)) {
    case TILLSIDE_POS_VERDICT_MEMBER:
      printf("  群友 member\n");
      break;
    case TILLSIDE_POS_VERDICT_NOT_MEMBER:
      printf("  不是群友 not a member\n");
      break;
    default:
      printf("  不知道 unknown\n");
      break; /* never shown as "not a member" */
  }
  for (size_t i = 0; i < tillside_pos_count(text, length, "prompts"); ++i)
    if (tillside_pos_prompt(text, length, i, 0, words, sizeof words) > 0) printf("  收银员 cashier: %s\n", words);
  for (size_t i = 0; i < tillside_pos_count(text, length, "discounts"); ++i) {
    char path[64];
    snprintf(path, sizeof path, "discounts[%zu].amount", i);
    printf("  take off: %" PRId64 "\n", tillside_pos_integer(text, length, path, 0));
  }
}

/* complete, reverse and event: the POS has closed its own books already, nothing here can undo that. */
static void hand_in(struct till* till, const char* name,
                    int32_t (*call)(tillside_pos_handle, const char*, size_t, uint32_t, tillside_pos_answer*),
                    const char* json, size_t size) {
  const int32_t outcome = call(till->line, json, size, 0, &till->answer);
  say_what_came(name, outcome, &till->answer);
  switch (outcome) {
    case TILLSIDE_POS_TAKEN: /* print what it earned */
      for (size_t i = 0; i < tillside_pos_count(till->answer_text, till->answer.json_size, "coupons"); ++i) {
        char path[64], words[256];
        snprintf(path, sizeof path, "coupons[%zu].typed", i);
        if (tillside_pos_text(till->answer_text, till->answer.json_size, path, words, sizeof words) > 0)
          printf("  券 coupon: %s\n", words);
      }
      break;
    case TILLSIDE_POS_QUEUED: /* it will be delivered; no coupon on this receipt */
      break;
    case TILLSIDE_POS_REFUSED: /* a mistake of this POS: its log is the place for the agent's words */
      printf("  %s\n", till->answer.too_small ? "" : till->answer_text);
      break;
    case TILLSIDE_POS_NOT_KEPT: /* the one case in which a POS keeps the document itself */
      printf("  keep: %.*s\n", (int)size, json);
      break;
    default:
      break;
  }
}

static void close_sale(struct till* till) {
  char json[JSON_ROOM];
  hand_in(till, "complete", tillside_pos_complete, json, write_checkout(till, "completed", till->next_number, 1, json));
  till->last_sale = till->next_number++;
  till->last_amount = total_of(till);
  till->lines = 0;
  till->phone[0] = till->showing[0] = '\0';
}

static void give_back(struct till* till) {
  char json[JSON_ROOM];
  hand_in(till, "reverse", tillside_pos_reverse, json, write_checkout(till, "returned", till->next_number, -1, json));
  ++till->next_number;
}

static void tell(struct till* till, const char* state) {
  char json[JSON_ROOM];
  till->lines = 0;
  hand_in(till, state, tillside_pos_event, json, write_checkout(till, state, till->next_number++, 1, json));
}

static void obey(struct till* till, char* word) {
  word[strcspn(word, "\r\n")] = '\0';
  if (word[0] >= '0' && word[0] <= '9') {
    if (till->lines < MOST_LINES) till->amounts[till->lines++] = strtoll(word, NULL, 10);
  } else if (strncmp(word, "phone ", 6) == 0) {
    snprintf(till->phone, sizeof till->phone, "%.*s", (int)sizeof till->phone - 1, word + 6);
  } else if (strcmp(word, "total") == 0) {
    advise(till);
  } else if (strcmp(word, "close") == 0) {
    close_sale(till);
  } else if (strcmp(word, "return") == 0) {
    give_back(till);
  } else if (word[0] != '\0') {
    tell(till, word);
  }
}

int main(int count, char** words) {
  static struct till till = {.store = "0123", .lane = "L1", .next_number = 1};
  tillside_pos_options options = {.abi_version = TILLSIDE_POS_ABI_VERSION, .struct_size = sizeof options};
  for (int i = 1; i + 1 < count; i += 2) {
    if (strcmp(words[i], "--socket") == 0) options.socket_path = words[i + 1];
    if (strcmp(words[i], "--token-file") == 0) options.token_file = words[i + 1];
    if (strcmp(words[i], "--port") == 0) options.tcp_port = (uint32_t)strtoul(words[i + 1], NULL, 10);
    if (strcmp(words[i], "--spool") == 0) options.spool_folder = words[i + 1];
    if (strcmp(words[i], "--store") == 0) till.store = words[i + 1];
    if (strcmp(words[i], "--lane") == 0) till.lane = words[i + 1];
    if (strcmp(words[i], "--first") == 0) till.next_number = strtoll(words[i + 1], NULL, 10);
  }
  int32_t why = TILLSIDE_POS_WHY_NOTHING;
  if (tillside_pos_open(&options, &till.line, &why) == TILLSIDE_POS_MISUSE) {
    fprintf(stderr, "pos_loop: %s\n", tillside_pos_why_text(why));
    return 2;
  }
  till.answer.abi_version = TILLSIDE_POS_ABI_VERSION;
  till.answer.struct_size = sizeof till.answer;
  till.answer.json = till.answer_text;
  till.answer.capacity = sizeof till.answer_text;

  char word[256];
  while (fgets(word, sizeof word, stdin) != NULL) obey(&till, word);
  tillside_pos_close(till.line, 1000);
  return 0;
}
