using System.Security.Cryptography;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>Bytes that are not sealed, and are not what they were: nobody is given them as a whole.</summary>
public abstract class DamagedPayloadTests(RelayKeys keys)
{
    public static TheoryData<int, string> Damages { get; } = new(
        from size in (int[])[200_000, 3_000_000]
        from how in (string[])["cut by one byte", "cut to the half", "cut to nothing", "changed at the begin", "changed at the end", "gone"]
        select (size, how));

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task What_was_cut_or_changed_where_it_is_kept_is_never_given_out_as_a_whole(int size, string how)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var bytes = RandomNumberGenerator.GetBytes(size);
        var kept = await KeepAsync(nodes.Unit, bytes);
        Assert.Equal(bytes, await ReadAsync(nodes.Unit, kept, 100_000));
        Assert.DoesNotContain((await nodes.Unit.Node.Health.ReportAsync(default)).Problems, p => p.Code == "PAYLOADS_DAMAGED");
        await (how switch
        {
            "cut by one byte" => CutAsync(nodes.Unit, kept, size - 1),
            "cut to the half" => CutAsync(nodes.Unit, kept, size / 2),
            "cut to nothing" => CutAsync(nodes.Unit, kept, 0),
            "changed at the begin" => ChangeAsync(nodes.Unit, kept, bytes, 0),
            "changed at the end" => ChangeAsync(nodes.Unit, kept, bytes, size - 1),
            _ => RemoveAsync(nodes.Unit, kept),
        });
        foreach (var buffer in (int[])[7_000, 65_536, size])
            Assert.Equal(RelayFault.PayloadDamaged, (await Assert.ThrowsAsync<RelayException>(() => ReadAsync(nodes.Unit, kept, buffer))).Fault);
        Assert.Equal(RelayFault.PayloadDamaged, (await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Payloads.ReadAsync(kept, default))).Fault);
        Assert.Equal(RelayFault.PayloadDamaged, (await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Payloads.PathAsync(kept, Path.GetTempFileName(), default))).Fault);
        var problem = Assert.Single((await nodes.Unit.Node.Health.ReportAsync(default)).Problems, p => p.Code == "PAYLOADS_DAMAGED");
        Assert.Contains(kept.Sha256, problem.En, StringComparison.Ordinal);
    }

    /// <summary>The first so many bytes stay.</summary>
    private protected abstract Task CutAsync(TestNode node, PayloadRef payload, int length);

    private protected abstract Task ChangeAsync(TestNode node, PayloadRef payload, byte[] bytes, int at);

    private protected abstract Task RemoveAsync(TestNode node, PayloadRef payload);

    /// <summary>Fails when the end was given out.</summary>
    private static async Task<byte[]> ReadAsync(TestNode node, PayloadRef payload, int bufferBytes)
    {
        await using var stream = node.Node.Payloads.Open(payload);
        using var copy = new MemoryStream();
        var buffer = new byte[bufferBytes];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var count)
                copy.Write(buffer, 0, count);
        }
        catch
        {
            Assert.InRange(copy.Length, 0, payload.Size - 1);
            throw;
        }

        return copy.ToArray();
    }

    private static async Task<PayloadRef> KeepAsync(TestNode node, byte[] bytes)
    {
        using var source = new MemoryStream(bytes);
        var saved = await node.Node.Payloads.SaveAsync(source, default);
        await node.Node.Ground.Database.WriteAsync(async tx =>
        {
            await PayloadStore.KeepAsync(tx, saved, default);
            return true;
        });
        return new PayloadRef(saved.Sha256, saved.Size);
    }
}

public sealed class DamagedFilesTests(RelayKeys keys) : DamagedPayloadTests(keys), IClassFixture<RelayKeys>
{
    private protected override async Task CutAsync(TestNode node, PayloadRef payload, int length)
    {
        var (path, from) = await PlaceAsync(node, payload);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, from + length);
    }

    private protected override async Task ChangeAsync(TestNode node, PayloadRef payload, byte[] bytes, int at)
    {
        var (path, from) = await PlaceAsync(node, payload);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, [(byte)(bytes[at] ^ 1)], from + at);
    }

    private protected override async Task RemoveAsync(TestNode node, PayloadRef payload) => File.Delete((await PlaceAsync(node, payload)).Path);

    private static async Task<(string Path, long From)> PlaceAsync(TestNode node, PayloadRef payload)
    {
        var (segment, place) = (await node.Node.Ground.Database.ReadAsync(tx => tx.QueryAsync(
            "SELECT COALESCE(segment, 0), COALESCE(place, 0) FROM payload WHERE sha256 = @sha256", row => (row.Number(0), row.Number(1)), default, ("sha256", payload.Sha256))))[0];
        return segment > 0
            ? (Segments.PathIn(Path.Combine(node.Options.DataFolder, Segments.Folder), segment), place)
            : (FilePayloads.PathIn(Path.Combine(node.Options.DataFolder, FilePayloads.Folder), payload), 0);
    }
}

public sealed class DamagedChunksTests(RelayKeysOnPostgres keys) : DamagedPayloadTests(keys), IClassFixture<RelayKeysOnPostgres>
{
    private const string OfPayload = "upload = (SELECT u.upload FROM payload_upload u WHERE u.sha256 = @sha256)";

    private protected override async Task CutAsync(TestNode node, PayloadRef payload, int length)
    {
        var (place, rest) = (length / ChunkPayloads.ChunkBytes, length % ChunkPayloads.ChunkBytes);
        await ExecuteAsync(node, $"UPDATE payload_chunk SET bytes = substr(bytes, 1, {rest}) WHERE place = {place} AND {OfPayload}", payload);
        await ExecuteAsync(node, $"DELETE FROM payload_chunk WHERE (place > {place} OR length(bytes) = 0) AND {OfPayload}", payload);
    }

    private protected override Task ChangeAsync(TestNode node, PayloadRef payload, byte[] bytes, int at) => ExecuteAsync(
        node, $"UPDATE payload_chunk SET bytes = set_byte(bytes, {at % ChunkPayloads.ChunkBytes}, {bytes[at] ^ 1}) WHERE place = {at / ChunkPayloads.ChunkBytes} AND {OfPayload}", payload);

    private protected override Task RemoveAsync(TestNode node, PayloadRef payload) =>
        ExecuteAsync(node, "DELETE FROM payload_upload WHERE sha256 = @sha256", payload);

    private static Task ExecuteAsync(TestNode node, string sql, PayloadRef payload) =>
        node.Node.Ground.Database.WriteAsync(tx => tx.ExecuteAsync(sql, default, ("sha256", payload.Sha256)));
}
