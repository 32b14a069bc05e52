using VanBanDienTu.Pdf;

namespace VanBanDienTu.Signing;

/// <summary>A draft on disk, durable after every step.</summary>
internal sealed class FileDraft(string path) : SignedDraft
{
    public override Stream Create(long length) => new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    public override void Finish(Stream written) => ((FileStream)written).Flush(flushToDisk: true);

    public override void Append(ReadOnlySpan<byte> update)
    {
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(update);
        stream.Flush(flushToDisk: true);
    }

    protected override PdfBytes Read() => PdfBytes.Open(path);
}
