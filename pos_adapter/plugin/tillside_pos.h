/* tillside_pos.h: what a POS loads to talk to the Tillside agent of its own machine. C11 to C++20.
 *
 * Documents go in and come out as JSON, exactly as docs/local-api.md shows them; docs/c-abi.md is the integrator's
 * page, samples/pos_loop.c a whole POS loop to start from. The library needs libc and nothing else.
 *
 * The sale goes on. Every call returns within its deadline whatever the agent, its disk or its network do; nothing here
 * throws, aborts, prints, raises a signal or changes errno. Only TILLSIDE_POS_MISUSE is a mistake of the caller's;
 * every other outcome is one to carry on with.
 *
 * Tags of each call:
 *   [any-thread]    may be called from any number of threads at once, but not from a signal handler and not between
 *                   vfork() and exec(). It is no cancellation point.
 *   [open]          needs a handle that tillside_pos_open() gave and tillside_pos_close() has not ended. A handle is a
 *                   number: one that is closed, made up or inherited through fork() is refused with MISUSE, never used.
 *   [bounded]       waits for the agent, at most `deadline_ms`.
 *   [pure]          looks at the arguments only and waits for nothing.
 *
 * Memory: every pointer that goes in belongs to the caller and is read or written during the call only. Nothing that
 * the library allocated ever comes out, so there is nothing to free. Text is UTF-8.
 *
 * fork(): a child inherits no handle. There each call answers MISUSE (why: FORKED) and touches neither the parent's
 * connections nor its spool; the child opens one of its own. The library stays loaded after dlclose(). */
#ifndef TILLSIDE_POS_H
#define TILLSIDE_POS_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define TILLSIDE_POS_API
#elif defined(__GNUC__)
#define TILLSIDE_POS_API __attribute__((visibility("default")))
#else
#define TILLSIDE_POS_API
#endif

#ifdef __cplusplus
extern "C" {
#define TILLSIDE_POS_NOTHROW noexcept
#else
#define TILLSIDE_POS_NOTHROW
#endif

/* The version this header was written for: the first field of every structure. Structures only ever grow at their end,
 * and their second field is the size the caller was compiled with: an older caller's structure is read and written as
 * far as it goes, a newer caller's as far as the library knows it. The number rises when a meaning changes; a library
 * refuses (MISUSE, why: VERSION) a number it does not know, and knows all lower ones. */
#define TILLSIDE_POS_ABI_VERSION 1u

/* Times, in milliseconds. */
#define TILLSIDE_POS_DEADLINE_MS 150u /* of a call, when it says 0 and the options say 0 */
#define TILLSIDE_POS_CONNECT_MS 50u   /* of reaching the agent, within the deadline */
#define TILLSIDE_POS_DEADLINE_MOST_MS 60000u

/* Sizes, in bytes. */
#define TILLSIDE_POS_DOCUMENT_MOST 1048576u /* of a document going in; larger is MISUSE (why: TOO_LARGE) */
#define TILLSIDE_POS_ANSWER_MOST 1048576u   /* of a document coming out; larger is taken for garbage */
#define TILLSIDE_POS_ANSWER_USUAL 65536u    /* a buffer that hardly any answer outgrows */

/* One open line to the agent. Never 0, never given twice by a process. */
typedef uint64_t tillside_pos_handle;

/* What became of a call: its return value. */
enum {
  /* The call was wrong (see why) and did nothing. */
  TILLSIDE_POS_MISUSE = -1,
  /* advise, check, hold, release: the document is there. open, close, get_state: done. */
  TILLSIDE_POS_ANSWERED = 0,
  /* complete, reverse, event: durable with the agent, the document is there. */
  TILLSIDE_POS_TAKEN = 1,
  /* complete, reverse, event: not with the agent yet. A thread of the library writes it into the spool (fsync) and
   * delivers it later, in order. No coupon will be printed for it now. A power cut, or the process's death, before that
   * write may lose it: milliseconds on a healthy disk; tillside_pos_state.unspooled says how many are at that stage. */
  TILLSIDE_POS_QUEUED = 2,
  /* The agent judged the document wrong (4xx); its problem document is there. Nothing was remembered, except of a
   * conflict (409), of which the agent keeps both copies. */
  TILLSIDE_POS_REFUSED = 3,
  /* No answer: go on as if there were no Tillside. advise, check, hold, release: nothing is advised or held, as far as
   * is known. open: no handle. close: the rest ends by itself. */
  TILLSIDE_POS_CARRY_ON = 4,
  /* complete, reverse, event: no answer, and not queued either (why says what is full). The sale goes on; hand the
   * document in again, or let a journal do it: repeats are harmless. close: what was queued could be neither written
   * nor delivered, and is lost. */
  TILLSIDE_POS_NOT_KEPT = 5
};

/* Why: a detail for the log, beside the outcome. */
enum {
  TILLSIDE_POS_WHY_NOTHING = 0,
  TILLSIDE_POS_WHY_ABSENT = 1,      /* nobody listens at the agent's addresses */
  TILLSIDE_POS_WHY_SLOW = 2,        /* the deadline passed */
  TILLSIDE_POS_WHY_BROKEN_OFF = 3,  /* the agent closed the connection in the middle */
  TILLSIDE_POS_WHY_GARBLED = 4,     /* what came back is no answer of an agent */
  TILLSIDE_POS_WHY_RESTING = 5,     /* the breaker is open: not even tried, see tillside_pos_open() */
  TILLSIDE_POS_WHY_NO_TOKEN = 6,    /* 401: this user is not trusted, or the token file is missing or old */
  TILLSIDE_POS_WHY_NOT_READY = 7,   /* the agent cannot now (429, 5xx); its problem document is there */
  TILLSIDE_POS_WHY_BEHIND = 8,      /* queued behind documents that must be delivered first */
  TILLSIDE_POS_WHY_BUSY = 9,        /* more than 64 calls at once */
  TILLSIDE_POS_WHY_QUEUE_FULL = 10, /* too much waits already: see tillside_pos_options */
  TILLSIDE_POS_WHY_NO_MEMORY = 11,
  TILLSIDE_POS_WHY_REFUSED_THERE = 12, /* the agent refuses this address or caller (403, 404, 405, 421, 426) */
  /* of MISUSE: */
  TILLSIDE_POS_WHY_NULL = 32,      /* a pointer that is needed is NULL */
  TILLSIDE_POS_WHY_VERSION = 33,   /* abi_version is 0 or newer than this library */
  TILLSIDE_POS_WHY_SIZE = 34,      /* struct_size is smaller than the oldest form of the structure */
  TILLSIDE_POS_WHY_HANDLE = 35,    /* not open (any more) */
  TILLSIDE_POS_WHY_FORKED = 36,    /* opened by the parent process */
  TILLSIDE_POS_WHY_NO_OBJECT = 37, /* the document is empty or not a JSON object */
  TILLSIDE_POS_WHY_TOO_LARGE = 38,
  TILLSIDE_POS_WHY_OPTION = 39,  /* a path too long, a number out of range */
  TILLSIDE_POS_WHY_TOO_MANY = 40 /* more than 64 handles open */
};

/* How to reach the agent. Zero everything, set the first two fields, then what differs: 0 and NULL are the usual. */
typedef struct tillside_pos_options {
  uint32_t abi_version; /* TILLSIDE_POS_ABI_VERSION */
  uint32_t struct_size; /* sizeof(tillside_pos_options) */

  /* The agent's UNIX socket, tried first; no token is needed there by users the agent trusts.
   * NULL: /run/tillside/agent.sock, then /var/lib/tillside/agent.sock. "": none. At most 107 bytes. */
  const char* socket_path;
  /* File with the agent's token, for loopback TCP, tried second. NULL or "": no TCP. Read by the library's own thread,
   * at the opening and again when the agent does not accept it. */
  const char* token_file;
  /* Folder of the spool, made (0700) when missing; of this machine, not of a network. Several processes may share one.
   * NULL: tillside-pos below $XDG_STATE_HOME or $HOME/.local/state. "": none, what is queued is then kept in memory
   * only. */
  const char* spool_folder;

  uint32_t tcp_port;    /* of 127.0.0.1; 0: 7979 */
  uint32_t deadline_ms; /* of calls that say 0; 0: 150 */
  uint32_t connect_ms;  /* 0: 50 */
  uint32_t language;    /* of problem documents; 0: Chinese, 1: English */

  uint32_t spool_documents; /* at most this many wait; 0: 10,000 */
  uint32_t spool_mib;       /* at most this much waits; 0: 64. Of it at most 8 MiB not yet on the disk */
} tillside_pos_options;

/* An answer, and the caller's buffer for its document.
 *
 * The whole document comes or none of it. When `capacity` is too small for it and a closing zero, nothing is written
 * but that zero (if capacity > 0), `too_small` is 1 and `json_size` says what is needed: the outcome stands all the
 * same (TAKEN is TAKEN). Make the same call again with at least json_size + 1 bytes: complete and reverse give the same
 * document byte for byte, the others a fresh one. json NULL with capacity 0 asks for the size only. */
typedef struct tillside_pos_answer {
  uint32_t abi_version; /* in: TILLSIDE_POS_ABI_VERSION */
  uint32_t struct_size; /* in: sizeof(tillside_pos_answer) */
  char* json;           /* in: the caller's buffer, or NULL */
  size_t capacity;      /* in: its size */
  size_t json_size;     /* out: bytes of the document without the closing zero; 0: there is none */
  int32_t outcome;      /* out: the call's return value again */
  int32_t why;          /* out: TILLSIDE_POS_WHY_... */
  int32_t http_status;  /* out: of the agent's answer, 0 without one */
  int32_t too_small;    /* out: 1 when the document did not fit */
  int32_t duplicate;    /* out: 1 when the agent had answered this very document before */
  uint32_t elapsed_us;  /* out: what the call cost, microseconds */
} tillside_pos_answer;

/* What waits. */
typedef struct tillside_pos_state {
  uint32_t abi_version;   /* in: TILLSIDE_POS_ABI_VERSION */
  uint32_t struct_size;   /* in: sizeof(tillside_pos_state) */
  uint32_t reachable;     /* 0 while the breaker is open, else 1 */
  uint32_t queued;        /* documents that wait for delivery, those left by ended processes included */
  uint32_t unspooled;     /* of these, not on the disk yet: what a power cut would lose */
  uint32_t spool_failing; /* 1 while the spool cannot be written (a full disk, a folder of somebody else's) */
  uint64_t delivered;     /* since the opening: queued documents the agent has taken */
  uint64_t set_aside; /* since the opening: queued documents the agent refused; see docs/c-abi.md for where they are */
  uint64_t not_kept;  /* since the opening: calls that ended with NOT_KEPT */
} tillside_pos_state;

/* [any-thread] [pure] The version of the library that was loaded. */
TILLSIDE_POS_API uint32_t tillside_pos_abi_version(void) TILLSIDE_POS_NOTHROW;

/* [any-thread] [pure] An English sentence for a `why`, for logs. Static storage, never NULL. */
TILLSIDE_POS_API const char* tillside_pos_why_text(int32_t why) TILLSIDE_POS_NOTHROW;

/* [any-thread] [bounded: 150 ms, of them usually none] Opens a line. Needs no agent: one that is away now is found when
 * it comes. Starts one thread, which blocks all signals; it delivers what this process queues and what ended processes
 * left in the spool, and asks after the agent while the breaker is open: after two failures in a row (absent, slow,
 * broken off, garbled) calls return at once until the agent has answered that thread.
 * `options` NULL: all usual. `handle` receives 0 unless ANSWERED; `why`, if not NULL, the detail.
 * ANSWERED, MISUSE, or CARRY_ON (no memory or thread to be had). */
TILLSIDE_POS_API int32_t tillside_pos_open(const tillside_pos_options* options, tillside_pos_handle* handle,
                                           int32_t* why) TILLSIDE_POS_NOTHROW;

/* The calls of docs/local-api.md. `json`, `json_size`: one document, a JSON object. `deadline_ms`: all that the call
 * may take, 0 for the usual. `answer` may be NULL for who wants the outcome only.
 *
 * [any-thread] [open] [bounded]  POST /v1/checkouts/advise
 * ANSWERED, REFUSED, CARRY_ON, MISUSE. */
TILLSIDE_POS_API int32_t tillside_pos_advise(tillside_pos_handle handle, const char* json, size_t json_size,
                                             uint32_t deadline_ms, tillside_pos_answer* answer) TILLSIDE_POS_NOTHROW;

/* [any-thread] [open] [bounded]  POST /v1/checkouts/complete, reverse, event
 * TAKEN, QUEUED, REFUSED, NOT_KEPT, MISUSE. While earlier documents of this handle wait, a call gives them half of its
 * deadline to go first, and is queued behind them otherwise (why: BEHIND). A document that may be queued should say
 * occurred_at and business_date: what leaves them out is dated when it is delivered. */
TILLSIDE_POS_API int32_t tillside_pos_complete(tillside_pos_handle handle, const char* json, size_t json_size,
                                               uint32_t deadline_ms, tillside_pos_answer* answer) TILLSIDE_POS_NOTHROW;
TILLSIDE_POS_API int32_t tillside_pos_reverse(tillside_pos_handle handle, const char* json, size_t json_size,
                                              uint32_t deadline_ms, tillside_pos_answer* answer) TILLSIDE_POS_NOTHROW;
TILLSIDE_POS_API int32_t tillside_pos_event(tillside_pos_handle handle, const char* json, size_t json_size,
                                            uint32_t deadline_ms, tillside_pos_answer* answer) TILLSIDE_POS_NOTHROW;

/* [any-thread] [open] [bounded]  POST /v1/coupons/check, hold, release
 * ANSWERED, REFUSED, CARRY_ON, MISUSE. A coupon that is not good is ANSWERED too: the document says so. After CARRY_ON
 * of a hold or a release, the same call again (same hold_id) tells what stands; without one, list the coupon in the
 * sale, where it is judged with it. */
TILLSIDE_POS_API int32_t tillside_pos_check(tillside_pos_handle handle, const char* json, size_t json_size,
                                            uint32_t deadline_ms, tillside_pos_answer* answer) TILLSIDE_POS_NOTHROW;
TILLSIDE_POS_API int32_t tillside_pos_hold(tillside_pos_handle handle, const char* json, size_t json_size,
                                           uint32_t deadline_ms, tillside_pos_answer* answer) TILLSIDE_POS_NOTHROW;
TILLSIDE_POS_API int32_t tillside_pos_release(tillside_pos_handle handle, const char* json, size_t json_size,
                                              uint32_t deadline_ms, tillside_pos_answer* answer) TILLSIDE_POS_NOTHROW;

/* [any-thread] [open] Waits for nothing. ANSWERED or MISUSE (state->... is then untouched). */
TILLSIDE_POS_API int32_t tillside_pos_get_state(tillside_pos_handle handle,
                                                tillside_pos_state* state) TILLSIDE_POS_NOTHROW;

/* [any-thread] [open] [bounded] Ends the handle: calls that begin from now on are refused, those under way end in their
 * own time. What is queued is written to the spool, to be delivered by the next open. ANSWERED: all of it is, and
 * nothing runs any more. NOT_KEPT: it could be neither written nor delivered. CARRY_ON: the deadline came first; the
 * rest is done behind, unless the process ends before. Give it a second where that is to be had. */
TILLSIDE_POS_API int32_t tillside_pos_close(tillside_pos_handle handle, uint32_t deadline_ms) TILLSIDE_POS_NOTHROW;

/* What a cashier's screen needs of an answer, without a JSON parser. All [any-thread] [pure]; `json` is an answer's
 * document, `json_size` its size. A name that occurs twice counts as its last. */

/* "verdict.status" of an answer to advise or complete. */
enum {
  TILLSIDE_POS_VERDICT_NONE = 0, /* the document has none */
  TILLSIDE_POS_VERDICT_MEMBER = 1,
  TILLSIDE_POS_VERDICT_NOT_MEMBER = 2,
  TILLSIDE_POS_VERDICT_UNKNOWN = 3, /* never to be shown as "not a member" */
  TILLSIDE_POS_VERDICT_UNIDENTIFIED = 4
};
TILLSIDE_POS_API int32_t tillside_pos_verdict(const char* json, size_t json_size) TILLSIDE_POS_NOTHROW;

/* A text, a number or a truth value at a path such as "showing_id", "prompts[0].zh", "coupons[1].title.en" or
 * "discounts[0].amount". text(): UTF-8 with JSON's escapes resolved and a closing zero; numbers and truth values come
 * as they are written; objects and arrays as JSON. Returns the bytes without the zero, or -1: no such thing, null, or
 * no JSON. When the result is not smaller than `capacity`, nothing was written but a zero (if capacity > 0). */
TILLSIDE_POS_API int64_t tillside_pos_text(const char* json, size_t json_size, const char* path, char* out,
                                           size_t capacity) TILLSIDE_POS_NOTHROW;
/* The integer there, `otherwise` when there is none that fits. */
TILLSIDE_POS_API int64_t tillside_pos_integer(const char* json, size_t json_size, const char* path,
                                              int64_t otherwise) TILLSIDE_POS_NOTHROW;
/* How many elements the array there has; 0 when there is none. */
TILLSIDE_POS_API size_t tillside_pos_count(const char* json, size_t json_size, const char* path) TILLSIDE_POS_NOTHROW;

/* "showing_id", to be handed back with the sale: as tillside_pos_text(). It has 32 characters at most. */
TILLSIDE_POS_API int64_t tillside_pos_showing_id(const char* json, size_t json_size, char* out,
                                                 size_t capacity) TILLSIDE_POS_NOTHROW;
/* The words of prompt number `index` (from 0) for the cashier; language as in the options. As tillside_pos_text(). */
TILLSIDE_POS_API int64_t tillside_pos_prompt(const char* json, size_t json_size, size_t index, uint32_t language,
                                             char* out, size_t capacity) TILLSIDE_POS_NOTHROW;

#ifdef __cplusplus
}
#endif
#endif /* TILLSIDE_POS_H */
