using System.Text;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Bench;

/// <summary><c>vbdt bench evidence</c>: one receipt's JSON signed as a detached CAdES with a P-256 key, and verified, beside the bare key.</summary>
internal static class EvidenceBench
{
    private const string Node = "evidence-ministry";

    // As long as a receipt for one attachment is.
    private static readonly byte[] Json = Encoding.UTF8.GetBytes("{\"event\":\"RelayAcceptance\",\"pad\":\"" + new string('x', 1000) + "\"}");

    /// <summary>Rows: <c>sign</c>, <c>verify</c>, <c>limit</c> (the bare signature), <c>share</c> of sign in it.</summary>
    public static async Task RunAsync(BenchRows rows, int threads, int seconds, CancellationToken ct)
    {
        using var folder = BenchFolder.InMemory();
        var authority = SampleAuthority.Init(folder.Of("pki"), new SampleAuthorityOptions
        {
            Profiles = [.. SampleProfiles.Demo.Where(p => p.Name == Node).Select(p => p with { Key = SampleKeyType.P256 })],
        });
        using var key = Pkcs12Key.Load(authority.KeyFile(Node), authority.Password);
        using var bare = BareKey.Load(authority.KeyFile(Node), authority.Password);
        var trust = TrustSnapshot.Load(authority.TrustFolder, allowSample: true);
        var signer = new EvidenceSigner(key);
        var (signed, paths, hash) = (signer.Sign(Json), new EvidencePaths(), new byte[32]);
        var paces = await Alternation.MeasureAsync(seconds,
        [
            new(threads, _ => Task.FromResult(signer.Sign(Json))),
            new(threads, _ => Task.FromResult(EvidenceVerifier.Verify(Json, signed, trust, TimeProvider.System.GetUtcNow(), paths))),
            new(threads, _ => Task.FromResult(bare.Sign(hash))),
        ], ct);
        await rows.AddAsync("sign", paces[0].PerSecond, "signatures/s");
        await rows.AddAsync("verify", paces[1].PerSecond, "signatures/s");
        await rows.AddAsync("limit", paces[2].PerSecond, "signatures/s");
        await rows.AddAsync("share", 100 * paces[0].PerSecond / paces[2].PerSecond, "%");
    }
}
