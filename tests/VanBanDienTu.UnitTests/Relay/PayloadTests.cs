using System.Security.Cryptography;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

[Collection("relay")]
public sealed class PayloadTests(RelayKeys keys)
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
        var file = Path.Combine(nodes.Unit.Options.DataFolder, "payloads", kept.Sha256[..2], kept.Sha256[2..4], kept.Sha256);
        Assert.Equal(size > PayloadStore.InlineBytes, File.Exists(file));
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

        Assert.Empty(FilesOf(nodes.Unit));
    }

    [Fact]
    public async Task An_upload_that_is_left_leaves_nothing_also_after_a_kill()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await using (var writer = nodes.Unit.Node.Payloads.Begin())
            await writer.WriteAsync(new byte[100_000]);
        Assert.Empty(FilesOf(nodes.Unit));
        var killed = nodes.Unit.Node.Payloads.Begin();
        await killed.WriteAsync(new byte[100_000]);
        await nodes.Unit.KillAndReopenAsync();
        Assert.Empty(FilesOf(nodes.Unit));
    }

    [Fact]
    public async Task A_file_that_no_document_names_is_collected_when_it_is_old_and_a_named_one_never()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await nodes.Unit.SubmitAsync("G99");
        using (var orphan = new MemoryStream(RandomNumberGenerator.GetBytes(100_000)))
            await nodes.Unit.Node.Payloads.SaveAsync(orphan, default);
        await nodes.Unit.RunAsync();
        var before = FilesOf(nodes.Unit).Length;
        Assert.Equal(0, await nodes.Unit.Node.Payloads.CollectAsync(TimeSpan.FromHours(6), TimeProvider.System, default));
        Assert.Equal(1, await nodes.Unit.Node.Payloads.CollectAsync(TimeSpan.FromHours(-1), TimeProvider.System, default));
        Assert.Equal(before - 1, FilesOf(nodes.Unit).Length);
    }

    private static string[] FilesOf(TestNode node) =>
        [.. Directory.GetFiles(Path.Combine(node.Options.DataFolder, "payloads"), "*", SearchOption.AllDirectories),
            .. Directory.GetFiles(Path.Combine(node.Options.DataFolder, "incomplete"))];
}
