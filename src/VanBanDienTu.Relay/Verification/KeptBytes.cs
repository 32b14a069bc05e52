using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Relay.Verification;

/// <summary>The bytes of evidence, kept once each however many verdicts rest on them.</summary>
internal sealed class KeptBytes(Ground ground)
{
    /// <summary>Saves bytes; the caller's transaction must still name the payload (<see cref="PayloadStore.KeepAsync"/>).</summary>
    public async Task<PayloadRef> SaveAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var sha256 = Messages.MessageDigest.Hex(bytes.Span);
        // A long list is a file of its own, and the same one comes again with every document of its authority.
        if (bytes.Length > PayloadStore.InlineBytes && await ground.Payloads.HasAsync(sha256, ct))
            return new PayloadRef(sha256, bytes.Length);
        return bytes.Length <= PayloadStore.InlineBytes
            ? new PayloadRef(sha256, bytes.Length) { Inline = bytes } : await ground.Payloads.SaveAsync(bytes, ct);
    }

    public async Task<IReadOnlyList<RecordedItem>> SaveAsync(IEnumerable<EvidenceItem> items, CancellationToken ct)
    {
        var saved = new List<RecordedItem>();
        foreach (var item in items)
            saved.Add(new RecordedItem(item.Kind.ToString(), await SaveAsync(item.Data, ct)));
        return saved;
    }

    public async Task<byte[]> ReadAsync(PayloadRef payload, CancellationToken ct)
    {
        await using var stream = ground.Payloads.Open(payload);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, ct);
        return bytes;
    }
}
