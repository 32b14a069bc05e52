using Grpc.Core;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Relay;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Gateway.Desk;

/// <summary>
/// Adds an organ's signature to a PDF while the caller waits. As for documents that are sent: the organisation signs only what
/// the competent person signed, and nothing on top of a signature that does not hold (NĐ 30/2020, article 32.2d).
/// </summary>
internal sealed class SigningDesk(NodeSigning signing, RelayNode relay, NodeKeys keys)
{
    /// <returns>The verdict on the output, which passed the signer's own check.</returns>
    /// <exception cref="RequestException">NO_SIGNING_KEY, PERSONAL_SIGNATURE_MISSING, SIGNATURE_INVALID.</exception>
    /// <exception cref="SigningException">The PDF or the organ's key does not allow it.</exception>
    public async Task<FileVerdict> SignAsync(string organ, string name, string input, string output, SignatureRequest request, CancellationToken ct)
    {
        if (!keys.Organs.TryGetValue(organ, out var key))
            throw new RequestException(StatusCode.NotFound, "NO_SIGNING_KEY",
                $"Nút này không giữ khoá ký của cơ quan {organ}: hãy cấu hình organs[].signing.",
                $"This node holds no signing key of organ {organ}; configure organs[].signing.");
        var before = (await relay.Verdicts.VerifyAsync(input, name, organ, ct)).Files[0];
        if (before.Examined)
            Demand(before); // what cannot be read is the signer's to name: NOT_A_PDF, PDF_ENCRYPTED …
        await signing.Signer.SignAsync(input, output, key, Sealed(request, keys.SealOf(organ)) with { Level = keys.LevelOf(organ), Lint = keys.LintOf(organ) }, ct);
        return (await relay.Verdicts.VerifyAsync(output, name, organ, ct)).Files[0];
    }

    /// <summary>With the seal's picture a signature is seen without being given a place; a place that was given is kept, or refused.</summary>
    private static SignatureRequest Sealed(SignatureRequest request, SignatureAppearance seal) => request with
    {
        Role = request.Rect is null && seal.Image is null ? SignatureRole.Invisible : SignatureRole.Organization,
        Appearance = seal with { MayBeInvisible = request.Rect is null },
    };

    private static void Demand(FileVerdict file)
    {
        if (file.Signatures.FirstOrDefault(s => s.Indication == Indication.TotalFailed) is { } bad)
            throw new RequestException(StatusCode.FailedPrecondition, "SIGNATURE_INVALID",
                $"«{file.File}», chữ ký «{bad.Field}»: {bad.Text.Vi}", $"\"{file.File}\", signature \"{bad.Field}\": {bad.Text.En}");
        if (!file.Signatures.Any(IsPersonal))
            throw new RequestException(StatusCode.FailedPrecondition, "PERSONAL_SIGNATURE_MISSING",
                $"«{file.File}» chưa có chữ ký số hợp lệ của người có thẩm quyền: cơ quan chỉ ký sau khi người có thẩm quyền đã ký.",
                $"\"{file.File}\" carries no valid signature of the competent person; the organisation signs only after that person.");
    }

    private static bool IsPersonal(SignatureVerdict signature) => signature is
        { Kind: SignatureKind.Signature, Role: not "organization", Indication: Indication.TotalPassed };
}
