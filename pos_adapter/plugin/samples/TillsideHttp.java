import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The local API from Java 17 and later over loopback TCP, with nothing but java.net.http; and, run by itself, one sale
 * through it:
 *
 * <pre>java TillsideHttp.java --port 7979 --token-file /etc/pos/tillside-token</pre>
 *
 * The same rules as the C interface: every call has a deadline, and whatever goes wrong, the sale goes on. What the C
 * library does besides, queueing what was not taken, is the caller's here.
 */
public final class TillsideHttp {
  public enum Outcome { ANSWERED, REFUSED, CARRY_ON }

  public record Said(Outcome outcome, int status, String document, boolean duplicate) {}

  private static final List<Integer> JUDGED = List.of(400, 409, 410, 413, 415, 422);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofMillis(50)).build();
  private final String base;
  private final String token;

  public TillsideHttp(int port, Path tokenFile) throws IOException {
    base = "http://127.0.0.1:" + port;
    token = Files.readString(tokenFile).trim();
  }

  /** Never throws because of the agent, and never takes longer than the deadline, the first use of the classes aside. */
  public Said call(String path, String json, long deadlineMs) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json))
        .build();
    CompletableFuture<HttpResponse<String>> future = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    try {
      return judge(future.get(deadlineMs, TimeUnit.MILLISECONDS)); // the whole answer, not only its head
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (Exception slowOrGone) {
      future.cancel(true);
    }
    return new Said(Outcome.CARRY_ON, 0, "", false);
  }

  /** A 401 or a 5xx is no judgement on the document; only a problem document under 4xx is. */
  private static Said judge(HttpResponse<String> response) {
    String type = response.headers().firstValue("Content-Type").orElse("").split(";")[0].trim();
    boolean duplicate = response.headers().firstValue("Tillside-Duplicate").orElse("").equals("true");
    int status = response.statusCode();
    Outcome outcome = Outcome.CARRY_ON;
    if (status == 200 && type.equals("application/json")) outcome = Outcome.ANSWERED;
    if (JUDGED.contains(status) && type.equals("application/problem+json")) outcome = Outcome.REFUSED;
    return new Said(outcome, status, response.body(), duplicate);
  }

  static String sale(long number, String state, String store) {
    String tenders = state.equals("completed") ? "{\"type\":\"wechat\",\"amount\":12345}" : "";
    return """
        {"checkout_id":"JV1-%d","state":"%s","store_id":"%s","lane_id":"JV1","business_date":"%s","sequence":%d,
         "occurred_at":"%s","operator_id":"E1007","currency":"CNY",
         "lines":[{"line_no":1,"sku":"6901234567892","name":"榴莲","kind":"sale","quantity":"1","unit_price":12345,"amount":12345}],
         "totals":{"gross":12345,"discount":0,"tax":0,"net":12345},"tenders":[%s],
         "source":{"adapter":"http","pos":"java sample 1","confidence":"exact"}}"""
        .formatted(number, state, store, LocalDate.now(), number, Instant.now().truncatedTo(ChronoUnit.SECONDS), tenders);
  }

  public static void main(String[] words) throws IOException {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i + 1 < words.length; i += 2) given.put(words[i].substring(2), words[i + 1]);
    TillsideHttp tillside =
        new TillsideHttp(Integer.parseInt(given.getOrDefault("port", "7979")), Path.of(given.get("token-file")));
    long number = Long.parseLong(given.getOrDefault("number", "1"));
    String store = given.getOrDefault("store", "0123");
    long deadline = Long.parseLong(given.getOrDefault("deadline-ms", "150"));
    tillside.call("/v1/checkouts/advise", sale(number, "total", store), 3000); // warms the classes, as a POS does at its start

    Said advice = tillside.call("/v1/checkouts/advise", sale(number, "total", store), deadline);
    System.out.println("advise: " + advice.outcome() + " " + advice.document());
    Said closed = tillside.call("/v1/checkouts/complete", sale(number, "completed", store), deadline);
    System.out.println("complete: " + closed.outcome() + " " + closed.document());
    System.exit(closed.outcome() == Outcome.ANSWERED ? 0 : 1);
  }
}
