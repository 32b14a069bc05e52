using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Remote;

/// <summary>
/// Signs in two steps, for keys that only others can reach: prepare gives a hash, complete takes the value, minutes or days later
/// and after any restart. Both steps lay out the same bytes from the input, so nothing but the small state is kept between them.
/// </summary>
/// <param name="signer">Makes the signature of the level that was asked; needs its authorities in both steps.</param>
/// <param name="time">The clock for the claimed time.</param>
public sealed class RemoteSigner(PdfSigner signer, TimeProvider time)
{
    /// <summary>Checks everything that signing checks, and gives the hash of the signed attributes that the key must sign as it is.</summary>
    /// <exception cref="SigningException">As <see cref="PdfSigner.SignAsync"/> says.</exception>
    public async Task<PendingSignature> PrepareSignatureAsync(string input, Certificate certificate, IReadOnlyList<Certificate> chain, SignatureRequest request, CancellationToken cancellation = default)
    {
        var claimed = (request.Time ?? time.GetUtcNow()).ToOffset(TimeSpan.FromHours(7));
        // What both steps embed is settled now: the second must lay out the same, whoever can be asked then.
        var issuers = (await signer.WithIssuersAsync(new RemoteKey(certificate, chain), cancellation)).Chain;
        var key = new RemoteKey(certificate, issuers);
        var state = PendingSignature.Of(Path.GetFullPath(input), await Sha256Async(input, cancellation), certificate, key.Chain, request,
            new DateTimeOffset(claimed.Ticks - claimed.Ticks % TimeSpan.TicksPerSecond, claimed.Offset)) with { TokenRoom = signer.TokenRoom };
        var nowhere = Path.Combine(Path.GetTempPath(), $"vbdt-{Guid.NewGuid():n}.pdf");
        try
        {
            await signer.SignAsync(input, nowhere, key, state.Request() with { Lint = request.Lint }, cancellation);
        }
        catch (SigningException e) when (e.Fault == SigningFault.ValueAwaited)
        {
            // As it must be: the layout is done, the hash is known, and the signer left no file.
        }
        return state with { SignedAttributesHash = Convert.ToHexStringLower(key.Asked!) };
    }

    /// <summary>Puts the value in and writes the output, verified as always.</summary>
    /// <param name="state">What <see cref="PrepareSignatureAsync"/> gave.</param>
    /// <param name="value">RSA: the value. ECDSA: a SEQUENCE of r and s, or both side by side.</param>
    /// <param name="output">The signed file.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="SigningException"><see cref="SigningFault.ValueDoesNotVerify"/>, <see cref="SigningFault.PreparedStateUnusable"/> (the input is
    /// gone or changed), and as <see cref="PdfSigner.SignAsync"/> says. No output is left then, and the state can be used again.</exception>
    public async Task<SignedPdf> CompleteSignatureAsync(PendingSignature state, ReadOnlyMemory<byte> value, string output, CancellationToken cancellation = default)
    {
        if (!string.Equals(await Sha256Async(state.Input, cancellation), state.InputSha256, StringComparison.Ordinal))
            throw PendingSignature.Unusable(state.Input, "the input was changed after the signature was prepared; prepare again", "tệp đầu vào đã thay đổi sau khi chuẩn bị; hãy chuẩn bị lại", null);
        var key = new RemoteKey(Certificate.Parse(state.Certificate), [.. state.Chain.Select(der => Certificate.Parse(der))], value.ToArray());
        return await signer.SignAsync(state.Input, output, key, state.Request(), cancellation);
    }

    private static async Task<string> Sha256Async(string input, CancellationToken cancellation)
    {
        try
        {
            await using var stream = File.OpenRead(input);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SigningException(SigningFault.PdfUnreadable, $"The file {input} cannot be opened: {e.Message}", $"Không mở được tệp {input}: {e.Message}", e);
        }
    }
}
