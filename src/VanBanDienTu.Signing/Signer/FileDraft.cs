using VanBanDienTu.Pdf;

namespace VanBanDienTu.Signing;

/// <summary>A draft on disk; <see cref="OutputFile"/> makes it durable when it is done.</summary>
internal sealed class FileDraft(string path) : SignedDraft
{
    public override Stream Create(long length) => new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    public override void Finish(Stream written) => written.Flush();

    public override void Append(ReadOnlySpan<byte> update)
    {
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(update);
    }

    protected override PdfBytes Read() => PdfBytes.Open(path);
}
