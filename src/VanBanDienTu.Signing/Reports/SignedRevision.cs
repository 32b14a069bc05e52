using VanBanDienTu.Pdf;

namespace VanBanDienTu.Signing.Reports;

/// <summary>The document as a signature saw it: the file up to the end of the revision that it signs.</summary>
public static class SignedRevision
{
    private const int BufferBytes = 256 << 10;

    /// <summary>How many bytes from the start of the file that is; null when the signature covers no whole revision.</summary>
    public static long? LengthOf(SignatureVerdict signature) =>
        signature is { Coverage: not Coverage.Partial, Integrity: not Integrity.Malformed, ByteRange: [0, _, var second, var length] } ? second + length : null;

    /// <summary>Writes it; an existing file is replaced.</summary>
    /// <exception cref="PdfException">The file cannot be read.</exception>
    /// <exception cref="IOException">It cannot be written, or the file became shorter.</exception>
    public static void Save(string pdf, long length, string output)
    {
        using var bytes = PdfBytes.Open(pdf);
        using var target = File.Create(output);
        var buffer = new byte[(int)Math.Min(BufferBytes, Math.Max(1, length))];
        for (long at = 0; at < length;)
        {
            var got = bytes.Read(at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)));
            if (got == 0)
                throw new EndOfStreamException($"{pdf} became shorter while it was read.");
            target.Write(buffer, 0, got);
            at += got;
        }
    }
}
