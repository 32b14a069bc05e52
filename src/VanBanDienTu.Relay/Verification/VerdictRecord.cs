using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Verification;

/// <summary>What a stored verdict was about and what it rests on, by hash; the bytes behind the hashes are payloads.</summary>
/// <param name="Policy">The table of algorithms.</param>
internal sealed record VerdictRecord(
    string ReportId, string Report, string Verdict, string Program, RecordedFile File, RecordedPolicy Policy, RecordedTrust Trust,
    long At, long Now, string? EvidenceSet, IReadOnlyList<RecordedItem> Evidence, IReadOnlyList<RecordedExchange> Exchanges, RecordedPast? Earlier)
{
    /// <summary>The bytes that a timestamp covers.</summary>
    public byte[] ToJson() => CanonicalJson.Write(Map(
        ("reportId", ReportId), ("report", Report), ("verdict", Verdict), ("program", Program),
        ("file", Map(("name", File.Name), ("sha256", File.Sha256), ("size", File.Size))),
        ("policy", Map(("id", Policy.Id), ("version", Policy.Version), ("table", Of(Policy.Table)))),
        ("trust", Map(("id", Trust.Id), ("snapshot", Of(Trust.Snapshot)))),
        ("at", At), ("now", Now), ("evidenceSet", EvidenceSet),
        ("evidence", Evidence.Select(i => Map(("kind", i.Kind), ("data", Of(i.Data)))).ToList()),
        ("exchanges", Exchanges.Select(e => Map(
            ("key", e.Key), ("url", e.Url), ("nonce", e.Nonce), ("body", e.Body is null ? null : Of(e.Body)), ("vi", e.Vi), ("en", e.En))).ToList()),
        ("earlier", Earlier is null ? null : Map(
            ("time", Earlier.Time), ("certificates", Earlier.Certificates.Select(Of).ToList()),
            ("revocation", Earlier.Revocation.Select(r => Map(("source", r.Source), ("data", Of(r.Data)), ("provenAt", r.ProvenAt))).ToList())))));

    public static VerdictRecord Read(ReadOnlySpan<byte> json) => RowJson.Read<VerdictRecord>(System.Text.Encoding.UTF8.GetString(json));

    public static string Sha256Of(ReadOnlySpan<byte> json) => MessageDigest.Hex(json);

    private static Dictionary<string, object?> Of(PayloadRef payload) => Map(("sha256", payload.Sha256), ("size", payload.Size));

    private static Dictionary<string, object?> Map(params ReadOnlySpan<(string Key, object? Value)> entries)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
            map.Add(key, value);
        return map;
    }
}

internal sealed record RecordedFile(string Name, string Sha256, long Size);

internal sealed record RecordedPolicy(string Id, string Version, PayloadRef Table);

internal sealed record RecordedTrust(string Id, PayloadRef Snapshot);

/// <param name="Kind">Certificate, Ocsp, Crl or Timestamp.</param>
internal sealed record RecordedItem(string Kind, PayloadRef Data);

internal sealed record RecordedExchange(string Key, string Url, string? Nonce, PayloadRef? Body, string? Vi, string? En);

/// <summary>What was known of the file from verdicts before this one.</summary>
internal sealed record RecordedPast(long Time, IReadOnlyList<PayloadRef> Certificates, IReadOnlyList<RecordedRevocation> Revocation);

internal sealed record RecordedRevocation(string Source, PayloadRef Data, long ProvenAt);
