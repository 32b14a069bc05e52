using System.Buffers;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Cli.Bench;

/// <summary><c>vbdt bench sign</c>: PAdES B-B of one file again and again, the key in memory, the output verified every time as always.</summary>
internal static class SigningBench
{
    private const string Signer = "bench";

    /// <summary>From bytes to bytes, as libraries are measured: the rows of <see cref="BenchRows.AddShareAsync"/>, <c>growth</c>,
    /// <c>peak-rss</c>; the same from file to file: <c>file-ops</c>, <c>file-share</c>; on several threads those of
    /// <see cref="BenchRows.AddScalingAsync"/> beside the machine's own RSA signing.</summary>
    public static async Task RunAsync(BenchRows rows, PdfBenchOrder order, CancellationToken ct)
    {
        using var folder = BenchFolder.InMemory();
        var authority = SampleAuthority.Init(folder.Of("pki"), new SampleAuthorityOptions
        {
            Profiles = [SampleProfiles.Person(Signer) with { Key = BenchKeyType.Of(order.KeyType) }],
        });
        using var key = Pkcs12Key.Load(authority.KeyFile(Signer), authority.Password);
        using var bare = BareKey.Load(authority.KeyFile(Signer), authority.Password);
        var signer = new PdfSigner(TimeProvider.System);
        var signed = await signer.SignAsync(order.Pdf, folder.Of("signed.pdf"), key, new SignatureRequest(), ct);
        var limit = new SigningLimit(folder.Of("signed.pdf"), bare);
        var pdf = await File.ReadAllBytesAsync(order.Pdf, ct);
        var outputs = Enumerable.Range(0, order.Threads).Select(_ => new ArrayBufferWriter<byte>((int)signed.Size)).ToList();
        var hash = new byte[32];
        Task BytesAsync(int thread)
        {
            outputs[thread].ResetWrittenCount();
            return signer.SignAsync(pdf, outputs[thread], key, new SignatureRequest(), ct);
        }
        Contender Bare(int threads) => new(threads, _ => Task.FromResult(bare.Sign(hash)));
        var peers = await PeerRows.LinesAsync(order.Peers, order.Pdf, order.Seconds, ct);
        var paces = await Alternation.MeasureAsync(order.Seconds,
        [
            new(order.Threads, BytesAsync),
            new(order.Threads, thread => limit.RunAsync(folder.Of($"limit-{thread}"))),
            new(order.Threads, thread => signer.SignAsync(order.Pdf, folder.Of($"out-{thread}.pdf"), key, new SignatureRequest(), ct)),
            .. order.Threads == 1 ? (Contender[])[] : [new(1, BytesAsync), Bare(order.Threads), Bare(1)],
        ], ct);
        await rows.AddShareAsync(paces[0], paces[1]);
        await rows.AddAsync("file-ops", paces[2].PerSecond, "files/s");
        await rows.AddAsync("file-share", 100 * paces[2].PerSecond / paces[1].PerSecond, "%");
        if (order.Threads > 1) await rows.AddScalingAsync(paces[0], paces[3], paces[4], paces[5]);
        await PeerRows.AddAsync(rows, peers, "-sign", paces[0].PerSecond);
        await rows.AddAsync("growth", signed.Size - pdf.Length, "bytes");
        await rows.AddAsync("peak-rss", PeakMemory.Mebibytes(), "MiB");
    }
}
