using System.Security.Cryptography;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

public abstract class PayloadTests(RelayKeys keys)
{
    [Theory]
    [InlineData(0)]
    [InlineData(PayloadStore.InlineBytes)]
    [InlineData(PayloadStore.InlineBytes + 1)]
    [InlineData(3_000_000)]
    public async Task Bytes_come_back_as_they_were_whatever_their_size(int size)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var bytes = RandomNumberGenerator.GetBytes(size);
        await using var writer = nodes.Unit.Node.Payloads.Begin();
        foreach (var chunk in bytes.Chunk(50_000))
            await writer.WriteAsync(chunk);
        var kept = await writer.CompleteAsync(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        Assert.Equal(size, kept.Size);
        using var copy = new MemoryStream();
        await using (var stream = nodes.Unit.Node.Payloads.Open(kept))
            await stream.CopyToAsync(copy);
        Assert.Equal(bytes, copy.ToArray());
        Assert.Equal(size > PayloadStore.InlineBytes ? 1 : 0, await KeptAsync(nodes.Unit));
    }

    [Fact]
    public async Task Other_bytes_than_announced_are_refused_and_nothing_is_left()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await using (var writer = nodes.Unit.Node.Payloads.Begin())
        {
            await writer.WriteAsync(new byte[100_000]);
            var refused = await Assert.ThrowsAsync<RelayException>(() => writer.CompleteAsync(new string('0', 64)));
            Assert.Equal(RelayFault.DigestMismatch, refused.Fault);
        }

        Assert.Equal(0, await KeptAsync(nodes.Unit));
    }

    [Fact]
    public async Task Parts_are_read_from_anywhere_in_a_payload()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var bytes = RandomNumberGenerator.GetBytes(1_000_000);
        using var source = new MemoryStream(bytes);
        var kept = await nodes.Unit.Node.Payloads.SaveAsync(source, default);
        await using var stream = nodes.Unit.Node.Payloads.Open(kept);
        Assert.Equal(bytes.Length, stream.Length);
        foreach (var at in (int[])[999_990, 0, 262_140, 524_288, 999_999])
        {
            stream.Seek(at, SeekOrigin.Begin);
            var part = new byte[Math.Min(20, bytes.Length - at)];
            await stream.ReadExactlyAsync(part);
            Assert.Equal(bytes[at..(at + part.Length)], part);
        }

        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task The_same_bytes_twice_at_the_same_time_are_kept_once()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var bytes = RandomNumberGenerator.GetBytes(2_000_000);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var source = new MemoryStream(bytes);
            await nodes.Unit.Node.Payloads.SaveAsync(source, default);
        }));
        Assert.Equal(1, await KeptAsync(nodes.Unit));
    }

    [Fact]
    public async Task An_upload_that_is_left_leaves_nothing_also_after_a_kill()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await using (var writer = nodes.Unit.Node.Payloads.Begin())
            await writer.WriteAsync(new byte[100_000]);
        Assert.Equal(0, await KeptAsync(nodes.Unit));
        var killed = nodes.Unit.Node.Payloads.Begin();
        await killed.WriteAsync(new byte[100_000]);
        await nodes.Unit.KillAndReopenAsync();
        Assert.Equal(0, await KeptAsync(nodes.Unit));
    }

    [Fact]
    public async Task A_file_that_no_document_names_is_collected_when_it_is_old_and_a_named_one_never()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await nodes.Unit.SubmitAsync("G99");
        using (var orphan = new MemoryStream(RandomNumberGenerator.GetBytes(2_000_000)))
            await nodes.Unit.Node.Payloads.SaveAsync(orphan, default);
        await nodes.Unit.RunAsync();
        var before = await KeptAsync(nodes.Unit);
        Assert.Equal(0, await nodes.Unit.Node.Payloads.CollectAsync(Older(6), default));
        Assert.Equal(1, await nodes.Unit.Node.Payloads.CollectAsync(Older(-1), default));
        Assert.Equal(before - 1, await KeptAsync(nodes.Unit));
    }

    /// <summary>An age by the clock of the place where the bytes are kept; the tests before this one set only the nodes' forward.</summary>
    private protected abstract TimeSpan Older(int hours);

    /// <summary>Payloads that a digest leads to, and what is left of uploads that did not end.</summary>
    private protected abstract Task<int> KeptAsync(TestNode node);
}

public sealed class PayloadsAsFilesTests(RelayKeys keys) : PayloadTests(keys), IClassFixture<RelayKeys>
{
    private readonly RelayKeys keys = keys;

    [Fact]
    public async Task Payloads_of_middling_size_share_a_file_and_are_read_from_it_after_a_kill()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var all = Enumerable.Range(0, 40).Select(i => RandomNumberGenerator.GetBytes(70_000 + (i * 1_000))).ToList();
        var kept = await Task.WhenAll(all.Select(bytes => nodes.Unit.Node.Payloads.SaveAsync(new MemoryStream(bytes), default)));
        await nodes.Unit.Node.Ground.Database.WriteAsync(async tx =>
        {
            foreach (var payload in kept)
                await PayloadStore.KeepAsync(tx, payload, default);
            return true;
        });
        Assert.Equal(1, await KeptAsync(nodes.Unit));
        await nodes.Unit.KillAndReopenAsync();
        foreach (var (bytes, payload) in all.Zip(kept))
        {
            using var copy = new MemoryStream();
            await using (var stream = nodes.Unit.Node.Payloads.Open(new PayloadRef(payload.Sha256, payload.Size)))
                await stream.CopyToAsync(copy);
            Assert.Equal(bytes, copy.ToArray());
        }
    }

    [Fact]
    public async Task A_segment_goes_when_no_row_names_it_and_nobody_writes_to_it()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await nodes.Unit.Node.Payloads.SaveAsync(new MemoryStream(RandomNumberGenerator.GetBytes(100_000)), default);
        Assert.Equal(0, await nodes.Unit.Node.Payloads.CollectAsync(Older(-1), default)); // still written to
        await nodes.Unit.KillAndReopenAsync();
        await nodes.Unit.SubmitAsync("G99");
        Assert.Equal(0, await nodes.Unit.Node.Payloads.CollectAsync(Older(6), default)); // too young
        Assert.Equal(1, await nodes.Unit.Node.Payloads.CollectAsync(Older(-1), default));
        Assert.Equal(0, await nodes.Unit.Node.Payloads.CollectAsync(Older(-1), default)); // the other one is named
    }

    private protected override TimeSpan Older(int hours) => keys.Time.GetUtcNow() - TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(hours);

    private protected override Task<int> KeptAsync(TestNode node) => Task.FromResult(
        Directory.GetFiles(Path.Combine(node.Options.DataFolder, "payloads"), "*", SearchOption.AllDirectories).Length
        + Directory.GetFiles(Path.Combine(node.Options.DataFolder, "segments")).Length
        + Directory.GetFiles(Path.Combine(node.Options.DataFolder, "incomplete")).Length);
}

public sealed class PayloadsInPostgresTests(RelayKeysOnPostgres keys) : PayloadTests(keys), IClassFixture<RelayKeysOnPostgres>
{
    private protected override TimeSpan Older(int hours) => TimeSpan.FromHours(hours);

    private protected override async Task<int> KeptAsync(TestNode node) => (int)await node.Node.Ground.Database.ReadAsync(
        tx => tx.NumberAsync("SELECT COUNT(*) FROM payload_upload WHERE sha256 IS NOT NULL", default));
}
