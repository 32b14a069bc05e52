using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Cli.Bench;

/// <summary><c>vbdt bench sign</c>: PAdES B-B of one file again and again, the key in memory, the output verified every time as always.</summary>
internal static class SigningBench
{
    private const string Signer = "bench";

    /// <summary>Writes the rows <c>ops</c>, <c>limit</c>, <c>share</c>, <c>cpu-share</c>, <c>growth</c>, <c>peak-rss</c>.</summary>
    public static async Task RunAsync(BenchRows rows, string pdf, string keyType, int threads, int seconds, CancellationToken ct)
    {
        var large = new FileInfo(pdf).Length > SigningLimit.LargeBytes;
        using var folder = large ? BenchFolder.OnDisk() : BenchFolder.InMemory();
        var authority = SampleAuthority.Init(folder.Of("pki"), new SampleAuthorityOptions
        {
            Profiles = [SampleProfiles.Person(Signer) with { Key = BenchKeyType.Of(keyType) }],
        });
        using var key = Pkcs12Key.Load(authority.KeyFile(Signer), authority.Password);
        using var bare = BareKey.Load(authority.KeyFile(Signer), authority.Password);
        var signer = new PdfSigner(TimeProvider.System);
        var signed = await signer.SignAsync(pdf, folder.Of("signed.pdf"), key, new SignatureRequest(), ct);
        var limit = new SigningLimit(folder.Of("signed.pdf"), bare);
        var measured = await Alternation.MeasureAsync(
            threads, seconds,
            thread => signer.SignAsync(pdf, folder.Of($"out-{thread}.pdf"), key, new SignatureRequest(), ct),
            thread => limit.RunAsync(folder.Of($"limit-{thread}")),
            ct);
        await rows.AddAsync("ops", measured.Ours, "files/s");
        await rows.AddAsync("limit", measured.Limit, "files/s");
        await rows.AddAsync("share", 100 * measured.Share, "%");
        await rows.AddAsync("cpu-share", 100 * measured.CpuShare, "%");
        await rows.AddAsync("growth", signed.Size - new FileInfo(pdf).Length, "bytes");
        await rows.AddAsync("peak-rss", PeakMemory.Mebibytes(), "MiB");
    }
}
