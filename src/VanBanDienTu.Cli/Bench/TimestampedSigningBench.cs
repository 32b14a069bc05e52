using System.Buffers;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Bench;

/// <summary><c>vbdt bench sign --level B-T</c>: with timestamps of an authority on loopback, many waiting at the same time.</summary>
internal static class TimestampedSigningBench
{
    private const string Signer = "bench";

    /// <summary>The rows <c>ops</c>, <c>limit</c> (two signatures, ours and the authority's; the output hashed and verified on every core),
    /// <c>share</c>, <c>core-ms</c> of a signature, <c>authority-core-ms</c>, <c>authority-share</c> of both, <c>peak-rss</c>.</summary>
    public static async Task RunAsync(BenchRows rows, PdfBenchOrder order, CancellationToken ct)
    {
        using var folder = BenchFolder.InMemory();
        await using var authority = await BenchAuthority.StartAsync(folder.Of("pki"), [SampleProfiles.Person(Signer) with { Key = BenchKeyType.Of(order.KeyType) }], ct);
        var trust = TrustSnapshot.Load(authority.Pki.TrustFolder, allowSample: true);
        using var key = Pkcs12Key.Load(authority.Pki.KeyFile(Signer), authority.Pki.Password);
        using var bare = BareKey.Load(authority.Pki.KeyFile(Signer), authority.Pki.Password);
        using var stamps = new TimestampClient(new TimestampOptions { Authorities = [authority.Tsa], MaxConcurrentCalls = order.InFlight }, trust, TimeProvider.System);
        var signer = new PdfSigner(TimeProvider.System, null, trust, stamps);
        var request = new SignatureRequest { Level = BaselineLevel.Timestamped };
        var signed = await signer.SignAsync(order.Pdf, folder.Of("signed.pdf"), key, request, ct);
        var pdf = await File.ReadAllBytesAsync(order.Pdf, ct);
        var outputs = Enumerable.Range(0, order.InFlight).Select(_ => new ArrayBufferWriter<byte>((int)signed.Size)).ToList();
        var limit = new SigningLimit(folder.Of("signed.pdf"), bare);
        var hash = new byte[32];
        var (before, stamped) = (authority.Cpu, 0L);
        var paces = await Alternation.MeasureAsync(order.Seconds,
        [
            new(order.InFlight, async place =>
            {
                outputs[place].ResetWrittenCount();
                await signer.SignAsync(pdf, outputs[place], key, request, ct);
                Interlocked.Increment(ref stamped);
            }),
            new(Environment.ProcessorCount, thread =>
            {
                bare.Sign(hash);
                return limit.RunAsync(folder.Of($"limit-{thread}"));
            }),
        ], ct);
        await rows.AddAsync("ops", paces[0].PerSecond, "files/s");
        await rows.AddAsync("limit", paces[1].PerSecond, "files/s");
        await rows.AddAsync("share", 100 * paces[0].PerSecond / paces[1].PerSecond, "%");
        var (ours, theirs) = (1000 * paces[0].CpuEach, (authority.Cpu - before).TotalMilliseconds / stamped);
        await rows.AddAsync("core-ms", ours, "ms");
        await rows.AddAsync("authority-core-ms", theirs, "ms");
        await rows.AddAsync("authority-share", 100 * theirs / (ours + theirs), "%");
        await rows.AddAsync("growth", signed.Size - pdf.Length, "bytes");
        await rows.AddAsync("peak-rss", PeakMemory.Mebibytes(), "MiB");
    }
}
