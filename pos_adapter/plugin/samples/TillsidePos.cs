// The C interface from C#, by P/Invoke; and, run by itself, one sale through it.
//
//   mcs TillsidePos.cs && mono TillsidePos.exe /run/tillside/agent.sock /var/spool/pos/tillside        (or dotnet)
//
// What cannot be asked is answered as if there were no Tillside: no call here throws because of the agent.
using System;
using System.Runtime.InteropServices;
using System.Text;

public enum Outcome { Misuse = -1, Answered = 0, Taken = 1, Queued = 2, Refused = 3, CarryOn = 4, NotKept = 5 }

public sealed class TillsidePos : IDisposable {
  const string Library = "tillside_pos";  // libtillside_pos.so; name libtillside_pos.so.1 in a dll map where only that is installed
  const uint AbiVersion = 1;

  [StructLayout(LayoutKind.Sequential)]
  struct Options {
    public uint AbiVersion, StructSize;
    public IntPtr SocketPath, TokenFile, SpoolFolder;
    public uint TcpPort, DeadlineMs, ConnectMs, Language, SpoolDocuments, SpoolMib;
  }

  [StructLayout(LayoutKind.Sequential)]
  struct Answer {
    public uint AbiVersion, StructSize;
    public IntPtr Json;
    public UIntPtr Capacity, JsonSize;
    public int Outcome, Why, HttpStatus, TooSmall, Duplicate;
    public uint ElapsedUs;
  }

  [DllImport(Library)] static extern int tillside_pos_open(ref Options options, out ulong handle, out int why);
  [DllImport(Library)] static extern int tillside_pos_close(ulong handle, uint deadlineMs);
  [DllImport(Library)] static extern int tillside_pos_advise(ulong handle, byte[] json, UIntPtr size, uint deadlineMs, ref Answer answer);
  [DllImport(Library)] static extern int tillside_pos_complete(ulong handle, byte[] json, UIntPtr size, uint deadlineMs, ref Answer answer);
  [DllImport(Library)] static extern int tillside_pos_reverse(ulong handle, byte[] json, UIntPtr size, uint deadlineMs, ref Answer answer);
  [DllImport(Library)] static extern int tillside_pos_event(ulong handle, byte[] json, UIntPtr size, uint deadlineMs, ref Answer answer);
  [DllImport(Library)] static extern int tillside_pos_verdict(byte[] json, UIntPtr size);
  [DllImport(Library)] static extern long tillside_pos_text(byte[] json, UIntPtr size, byte[] path, byte[] room, UIntPtr capacity);
  [DllImport(Library)] static extern IntPtr tillside_pos_why_text(int why);

  delegate int Call(ulong handle, byte[] json, UIntPtr size, uint deadlineMs, ref Answer answer);

  public sealed class Said {
    public Outcome Outcome;
    public string Why = "";
    public byte[] Json = new byte[0];

    // A text of the answer, such as "showing_id" or "prompts[0].zh"; null when there is none.
    public string Text(string path) {
      var name = Encoding.UTF8.GetBytes(path + "\0");
      var room = new byte[4096];
      long size = tillside_pos_text(Json, (UIntPtr)Json.Length, name, room, (UIntPtr)room.Length);
      return size < 0 || size >= room.Length ? null : Encoding.UTF8.GetString(room, 0, (int)size);
    }
    public int Verdict { get { return tillside_pos_verdict(Json, (UIntPtr)Json.Length); } }
  }

  ulong handle;

  // Null: the usual. Safe from several threads at once.
  public TillsidePos(string socket, string spool) {
    var options = new Options { AbiVersion = AbiVersion, StructSize = (uint)Marshal.SizeOf(typeof(Options)) };
    options.SocketPath = Utf8(socket);
    options.SpoolFolder = Utf8(spool);
    int why;
    var outcome = (Outcome)tillside_pos_open(ref options, out handle, out why);
    Marshal.FreeHGlobal(options.SocketPath);
    Marshal.FreeHGlobal(options.SpoolFolder);
    if (outcome == Outcome.Misuse) throw new ArgumentException(Marshal.PtrToStringAnsi(tillside_pos_why_text(why)));
  }

  public Said Advise(string json) { return Ask(tillside_pos_advise, json, 65536); }
  public Said Complete(string json) { return Ask(tillside_pos_complete, json, 65536); }
  public Said Reverse(string json) { return Ask(tillside_pos_reverse, json, 65536); }
  public Said Event(string json) { return Ask(tillside_pos_event, json, 65536); }

  public void Dispose() { tillside_pos_close(handle, 1000); }

  // An answer that outgrows its buffer is asked for again: repeats are harmless.
  Said Ask(Call call, string json, int capacity) {
    var text = Encoding.UTF8.GetBytes(json);
    var answer = new Answer { AbiVersion = AbiVersion, StructSize = (uint)Marshal.SizeOf(typeof(Answer)) };
    answer.Json = Marshal.AllocHGlobal(capacity);
    answer.Capacity = (UIntPtr)capacity;
    try {
      var said = new Said { Outcome = (Outcome)call(handle, text, (UIntPtr)text.Length, 0, ref answer) };
      if (answer.TooSmall == 1) return Ask(call, json, (int)answer.JsonSize + 1);
      said.Json = new byte[(int)answer.JsonSize];
      if (said.Json.Length > 0) Marshal.Copy(answer.Json, said.Json, 0, said.Json.Length);
      said.Why = Marshal.PtrToStringAnsi(tillside_pos_why_text(answer.Why));
      return said;
    } finally {
      Marshal.FreeHGlobal(answer.Json);
    }
  }

  static IntPtr Utf8(string text) {
    if (text == null) return IntPtr.Zero;
    var bytes = Encoding.UTF8.GetBytes(text + "\0");
    var copy = Marshal.AllocHGlobal(bytes.Length);
    Marshal.Copy(bytes, 0, copy, bytes.Length);
    return copy;
  }

  static string Sale(long number, string state, string showing) {
    var now = DateTime.UtcNow;
    return "{\"checkout_id\":\"CS1-" + number + "\",\"state\":\"" + state + "\",\"store_id\":\"0123\",\"lane_id\":\"CS1\"," +
           "\"business_date\":\"" + now.ToString("yyyy-MM-dd") + "\",\"sequence\":" + number + "," +
           "\"occurred_at\":\"" + now.ToString("yyyy-MM-ddTHH:mm:ssZ") + "\",\"operator_id\":\"E1007\",\"currency\":\"CNY\"," +
           (showing == null ? "" : "\"showing_id\":\"" + showing + "\",") +
           "\"lines\":[{\"line_no\":1,\"sku\":\"6901234567892\",\"name\":\"榴莲\",\"kind\":\"sale\",\"quantity\":\"1\"," +
           "\"unit_price\":12345,\"amount\":12345}],\"totals\":{\"gross\":12345,\"discount\":0,\"tax\":0,\"net\":12345}," +
           "\"tenders\":[" + (state == "completed" ? "{\"type\":\"wechat\",\"amount\":12345}" : "") + "]," +
           "\"source\":{\"adapter\":\"c_abi\",\"pos\":\"c# sample 1\",\"confidence\":\"exact\"}}";
  }

  public static int Main(string[] words) {
    using (var line = new TillsidePos(words.Length > 0 ? words[0] : null, words.Length > 1 ? words[1] : null)) {
      long number = words.Length > 2 ? long.Parse(words[2]) : 1;
      var advice = line.Advise(Sale(number, "total", null));
      Console.WriteLine("advise: {0} {1}", advice.Outcome, advice.Text("verdict.status") ?? advice.Why);
      Console.WriteLine("  收银员 cashier: {0}", advice.Text("prompts[0].zh"));
      var closed = line.Complete(Sale(number, "completed", advice.Text("showing_id")));
      Console.WriteLine("complete: {0} {1}", closed.Outcome, closed.Text("identity") ?? closed.Why);
      return closed.Outcome == Outcome.Taken || closed.Outcome == Outcome.Queued ? 0 : 1;
    }
  }
}
