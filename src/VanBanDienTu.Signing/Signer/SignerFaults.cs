using VanBanDienTu.Pdf;

namespace VanBanDienTu.Signing;

/// <summary>Turns what the PDF library and the disk say into the signer's named faults.</summary>
internal static class SignerFaults
{
    /// <summary>Runs a step that opens the input.</summary>
    public static T Opening<T>(string input, Func<T> step)
    {
        try
        {
            return Pdf(input, step);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SigningException(SigningFault.PdfUnreadable, $"The file {input} cannot be opened: {e.Message}", $"Không mở được tệp {input}: {e.Message}", e);
        }
    }

    /// <summary>Runs a step of the PDF library.</summary>
    public static T Pdf<T>(string input, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (PdfException e)
        {
            throw Of(input, e);
        }
    }

    /// <summary>Runs steps of the PDF library that wait for others in between.</summary>
    public static async Task PdfAsync(string input, Func<Task> steps)
    {
        try
        {
            await steps();
        }
        catch (PdfException e)
        {
            throw Of(input, e);
        }
    }

    private static SigningException Of(string input, PdfException e)
    {
        var name = Path.GetFileName(input);
        return new SigningException(e.Fault switch
        {
            PdfFault.Encrypted => SigningFault.PdfEncrypted,
            PdfFault.CannotWrite => SigningFault.PdfForbidsSigning,
            PdfFault.NoFont or PdfFault.FontUnusable => SigningFault.FontUnavailable,
            PdfFault.ImageUnusable => SigningFault.ImageUnusable,
            _ => SigningFault.PdfUnreadable,
        }, $"{name} cannot be signed: {e.En}", $"Không ký được {name}: {e.Vi}", e);
    }
}
