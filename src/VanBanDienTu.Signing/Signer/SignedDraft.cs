using VanBanDienTu.Pdf;

namespace VanBanDienTu.Signing;

/// <summary>Where a signed file comes into being: laid out, filled in, appended to, opened again to be checked. Nobody has it yet.</summary>
internal abstract class SignedDraft
{
    /// <summary>Begins it, or begins it again.</summary>
    /// <param name="length">How long it will be at first.</param>
    /// <returns>A stream that can be written at any position; the caller disposes of it.</returns>
    public abstract Stream Create(long length);

    /// <summary>What was written through <see cref="Create"/> is complete.</summary>
    public abstract void Finish(Stream written);

    /// <summary>Makes it longer.</summary>
    public abstract void Append(ReadOnlySpan<byte> update);

    /// <summary>What there is, opened as a stranger would open it. The caller disposes of it.</summary>
    /// <exception cref="PdfException">As <see cref="PdfFile.Open(PdfBytes, PdfLimits?, PdfPassword?)"/>.</exception>
    public PdfFile Open(PdfPassword? password)
    {
        var bytes = Read();
        try
        {
            return PdfFile.Open(bytes, password: password);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    protected abstract PdfBytes Read();
}
