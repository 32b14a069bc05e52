using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Lint;
using VanBanDienTu.Signing.Remote;

namespace VanBanDienTu.Gateway.Desk;

/// <summary>Signing in two steps with keys that only others can reach. The node keeps nothing between them: the caller holds the state.</summary>
internal sealed class RemoteDesk(NodeSigning signing, TimeProvider time)
{
    /// <exception cref="SigningException">As <see cref="RemoteSigner.PrepareSignatureAsync"/> says; no certificate.</exception>
    public async Task<PendingSignature> PrepareAsync(string name, string input, IReadOnlyList<ReadOnlyMemory<byte>> certificates, SignatureRequest request, CancellationToken ct)
    {
        if (certificates.Count == 0)
            throw new SigningException(SigningFault.BadRequest, "The signer's certificate is missing.", "Thiếu chứng thư số của người ký.");
        var chain = certificates.Select(der => Certificate.Parse(der)).ToList();
        var state = await new RemoteSigner(signing.Signer, time).PrepareSignatureAsync(input, chain[0], [.. chain.Skip(1)], request with { Lint = LintPolicy.Default }, ct);
        return state with { Input = name }; // where our scratch file was is nobody's business
    }

    /// <returns>The verdict on the output, which passed the signer's own check.</returns>
    /// <exception cref="SigningException">As <see cref="RemoteSigner.CompleteSignatureAsync"/> says.</exception>
    public async Task<FileVerdict> CompleteAsync(string name, string input, string output, PendingSignature state, ReadOnlyMemory<byte> value, CancellationToken ct)
    {
        // Whoever sends a state may have made it up: no path in it is ours to open.
        var ours = state with { Input = input, Appearance = state.Appearance with { FontFile = null } };
        await new RemoteSigner(signing.Signer, time).CompleteSignatureAsync(ours, value, output, ct);
        return await signing.Verifier.VerifyAsync(output, name, cancellation: ct);
    }
}
