using System.Buffers;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Bytes held in pieces of borrowed memory: a payload of 200 KiB costs the collector nothing.</summary>
internal sealed class HeldBytes : IDisposable
{
    private const int PieceBytes = AtRest.SealLayout.PieceBytes;
    private readonly List<byte[]> pieces = [];
    private int last = PieceBytes;

    public int Length => pieces.Count == 0 ? 0 : ((pieces.Count - 1) * PieceBytes) + last;

    public IReadOnlyList<ReadOnlyMemory<byte>> Parts =>
        [.. pieces.Select((piece, i) => new ReadOnlyMemory<byte>(piece, 0, i < pieces.Count - 1 ? PieceBytes : last))];

    /// <summary>The same, to be sealed in place.</summary>
    public IReadOnlyList<Memory<byte>> Pieces =>
        [.. pieces.Select((piece, i) => new Memory<byte>(piece, 0, i < pieces.Count - 1 ? PieceBytes : last))];

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (last == PieceBytes)
            {
                pieces.Add(ArrayPool<byte>.Shared.Rent(PieceBytes));
                last = 0;
            }

            var count = Math.Min(PieceBytes - last, bytes.Length);
            bytes[..count].CopyTo(pieces[^1].AsSpan(last));
            last += count;
            bytes = bytes[count..];
        }
    }

    public byte[] ToArray()
    {
        var all = new byte[Length];
        var at = 0;
        foreach (var part in Parts)
        {
            part.Span.CopyTo(all.AsSpan(at));
            at += part.Length;
        }

        return all;
    }

    /// <summary>Gives the memory back; nobody may look at <see cref="Parts"/> any more.</summary>
    public void Dispose()
    {
        foreach (var piece in pieces)
            ArrayPool<byte>.Shared.Return(piece);
        pieces.Clear();
        last = PieceBytes;
    }
}
