using System.Buffers;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.Signing;

/// <summary>A draft in one rented array, for documents that are in memory anyway.</summary>
internal sealed class MemoryDraft : SignedDraft, IDisposable
{
    private byte[] _rented = [];
    private int _length;

    public ReadOnlyMemory<byte> Written => _rented.AsMemory(0, _length);

    public override Stream Create(long length)
    {
        _length = checked((int)length);
        Room(_length, keep: 0);
        return new MemoryStream(_rented, 0, _length, writable: true);
    }

    public override void Finish(Stream written)
    {
    }

    public override void Append(ReadOnlySpan<byte> update)
    {
        Room(checked(_length + update.Length), keep: _length);
        update.CopyTo(_rented.AsSpan(_length));
        _length += update.Length;
    }

    protected override PdfBytes Read() => PdfBytes.Of(Written);

    public void Dispose() => Give([]);

    private void Room(int needed, int keep)
    {
        if (needed <= _rented.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(needed);
        _rented.AsSpan(0, keep).CopyTo(larger);
        Give(larger);
    }

    private void Give(byte[] next)
    {
        if (_rented.Length > 0)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = next;
    }
}
