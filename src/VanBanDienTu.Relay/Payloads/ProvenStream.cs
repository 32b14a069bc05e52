using System.Security.Cryptography;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>
/// Gives out what is kept of a payload, and notices when that is not the payload any more: fewer bytes at once, wherever they are read;
/// other bytes when it is read from its begin to its end, which is given out only when the whole has its digest.
/// </summary>
internal sealed class ProvenStream : PayloadStream
{
    private readonly Stream kept;
    private readonly PayloadRef payload;
    private readonly Action<RelayException> damaged;
    private readonly IncrementalHash? hash;
    private long hashed;

    /// <param name="kept">The content, seekable; closed with this stream, also when this throws.</param>
    /// <param name="sealing">The content proves each of its pieces by itself.</param>
    /// <param name="damaged">Told before it is thrown.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.PayloadDamaged"/>.</exception>
    public ProvenStream(Stream kept, PayloadRef payload, bool sealing, Action<RelayException> damaged) : base(payload.Size)
    {
        (this.kept, this.payload, this.damaged) = (kept, payload, damaged);
        if (kept.Length is var length && length != payload.Size)
        {
            kept.Dispose();
            throw Damaged(payload, $"{length} of {payload.Size} bytes are there", null);
        }

        hash = sealing ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    public static RelayException Damaged(PayloadRef payload, string how, Exception? cause) => new(
        RelayFault.PayloadDamaged,
        $"Nội dung {payload.Sha256} bị hỏng nơi lưu ({how}): lấy lại từ bản sao lưu.",
        $"The content {payload.Sha256} is damaged where it is kept ({how}): get it back from a backup.", cause);

    protected override int ReadAt(long place, Span<byte> buffer)
    {
        try
        {
            kept.Position = place;
            var count = kept.Read(buffer);
            Prove(place, buffer[..count]);
            return count;
        }
        catch (Exception e) when (e is IOException or RelayException { Fault: RelayFault.PayloadDamaged })
        {
            throw Told(e);
        }
    }

    protected override async ValueTask<int> ReadAtAsync(long place, Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            kept.Position = place;
            var count = await kept.ReadAsync(buffer, ct);
            Prove(place, buffer.Span[..count]);
            return count;
        }
        catch (Exception e) when (e is IOException or RelayException { Fault: RelayFault.PayloadDamaged })
        {
            throw Told(e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            kept.Dispose();
            hash?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Prove(long place, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
            throw Damaged(payload, $"it ends after {place} of {payload.Size} bytes", null);
        if (hash is null || place > hashed || place + bytes.Length <= hashed)
            return; // read from somewhere: who does that judges by more than these bytes
        hash.AppendData(bytes[(int)(hashed - place)..]);
        hashed = place + bytes.Length;
        if (hashed == payload.Size && !Convert.ToHexStringLower(hash.GetCurrentHash()).Equals(payload.Sha256, StringComparison.Ordinal))
        {
            hashed = payload.Size - 1; // whoever asks for the end again gets the same answer
            throw Damaged(payload, "its digest is another one", null);
        }
    }

    private RelayException Told(Exception e)
    {
        var damage = e as RelayException ?? Damaged(payload, e.Message, e);
        damaged(damage);
        return damage;
    }
}
