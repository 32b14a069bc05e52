using System.Security.Cryptography;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.AtRest;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>Payloads sealed at rest, whichever engine keeps them: small ones in rows, middling and large ones where the engine has them.</summary>
public abstract class SealedPayloadTests(RelayKeys keys) : IDisposable
{
    private const int Piece = 64 << 10;

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PayloadStore.InlineBytes)]
    [InlineData(PayloadStore.InlineBytes + 1)]
    [InlineData((3 * Piece) - 1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(40 * Piece)]
    public async Task Bytes_come_back_from_any_place_and_none_can_be_read_where_they_are_kept(int size)
    {
        await using var nodes = await OpenAsync(Key("one"));
        var (bytes, kept) = await KeepAsync(nodes.Unit, size);
        await nodes.Unit.KillAndReopenAsync();
        Assert.Equal(bytes, await ReadAsync(nodes.Unit, kept));
        await using var stream = nodes.Unit.Node.Payloads.Open(kept);
        Assert.Equal(size, stream.Length);
        foreach (var at in new[] { size - 1, size / 2, Piece - 3, (2 * Piece) - 1, 0 }.Where(at => at >= 0 && at < size))
        {
            stream.Seek(at, SeekOrigin.Begin);
            var part = new byte[Math.Min(10, size - at)];
            await stream.ReadExactlyAsync(part);
            Assert.Equal(bytes[at..(at + part.Length)], part);
        }

        if (size > 0)
            Assert.False(await IsReadableAsync(nodes.Unit, bytes[..Math.Min(size, 32)]) && size >= 32);
    }

    [Fact]
    public async Task A_document_leaves_nothing_readable_on_any_of_its_nodes()
    {
        await using var nodes = await OpenAsync(Key("one"));
        var document = await nodes.Unit.SubmitAsync("H99");
        await nodes.SettleAsync();
        var arrived = Assert.Single(await nodes.Government.ArrivedAsync("H99"));
        var piece = (await keys.SignedAsync(Samples.CongVan))[5_000..5_064];
        Assert.True((await ReadAsync(nodes.Government, arrived.Attachments[0].Payload)).AsSpan().IndexOf(piece) > 0);
        foreach (var node in nodes.All)
            Assert.False(await IsReadableAsync(node, piece), node.Name);
        Assert.Equal("Relayed", (await nodes.Unit.DeliveryAsync(document)).State.ToString());
    }

    [Theory]
    [InlineData(2 << 20)]
    [InlineData(1 << 18)]
    public async Task An_upload_that_was_cut_off_goes_on_sealed_and_lies_nowhere_readable(int from)
    {
        await using var nodes = await OpenAsync(Key("one"));
        var bytes = RandomNumberGenerator.GetBytes((4 << 20) + 12_345);
        var upload = new UploadKey(UploadKey.OfUnit("G99.63"), "r-1", 0, new PayloadRef(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length));
        await using (var cut = await nodes.Unit.Node.Payloads.ResumeAsync(upload, 0, default))
            await cut.WriteAsync(bytes.AsMemory(0, 3 << 20));
        await nodes.Unit.KillAndReopenAsync();
        Assert.InRange(await nodes.Unit.Node.Payloads.HeldAsync(upload, default), 2 << 20, 3 << 20);
        Assert.False(await IsReadableAsync(nodes.Unit, bytes[1_000_000..1_000_032]));
        Assert.Equal(RelayFault.OffsetUnknown, (await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Payloads.ResumeAsync(upload, 300, default))).Fault);
        await using (var writer = await nodes.Unit.Node.Payloads.ResumeAsync(upload, from, default))
        {
            for (var at = from; at < bytes.Length; at += 100_000)
                await writer.WriteAsync(bytes.AsMemory(at, Math.Min(100_000, bytes.Length - at)));
            Assert.Equal(bytes, await ReadAsync(nodes.Unit, await writer.CompleteAsync(upload.Announced.Sha256)));
        }

        Assert.Equal(0, await nodes.Unit.Node.Payloads.HeldAsync(upload, default));
        Assert.False(await IsReadableAsync(nodes.Unit, bytes[1_000_000..1_000_032]));
    }

    [Fact]
    public async Task Quarantined_bytes_are_sealed_and_shown()
    {
        await using var nodes = await OpenAsync(Key("one"));
        var secret = RandomNumberGenerator.GetBytes(500);
        await nodes.Unit.Node.Ground.Database.WriteAsync(async tx =>
        {
            await Quarantine.KeepRawAsync(tx, "nó", "peer", secret, new Reason("X", "x", "x"), DateTimeOffset.UnixEpoch, default);
            return true;
        });
        Assert.Equal(secret, (await nodes.Unit.Node.Health.QuarantineAsync(1, default))[0].Bytes.ToArray());
        Assert.False(await IsReadableAsync(nodes.Unit, secret[..32]));
    }

    [Fact]
    public async Task What_was_kept_before_there_was_a_key_and_under_older_keys_stays_readable()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var all = new List<(byte[] Bytes, PayloadRef Kept)>();
        foreach (var ring in new[] { KeyRing.Empty, Key("one"), Key("two", "one"), Key("three", "one", "two") })
        {
            nodes.Unit.Options = nodes.Unit.Options with { Keys = ring };
            await nodes.Unit.KillAndReopenAsync();
            foreach (var size in (int[])[100, 100_000, 2_000_000])
                all.Add(await KeepAsync(nodes.Unit, size));
            foreach (var (bytes, kept) in all)
                Assert.Equal(bytes, await ReadAsync(nodes.Unit, kept));
        }

        var used = await KeysInUse.ReadAsync(nodes.Unit.Options.DataFolder, nodes.Unit.Options.Postgres, default);
        Assert.Equal(new[] { "one", "two", "three" }.Select(name => (Key(name).WritingId!, 3L)).Order(), used!.Select(k => (k.Id, k.Payloads)).Order());
    }

    [Fact]
    public async Task A_node_does_not_start_without_a_key_that_its_payloads_need()
    {
        await using var nodes = await OpenAsync(Key("one"));
        var (bytes, kept) = await KeepAsync(nodes.Unit, 100);
        await nodes.Unit.Node.AbandonAsync();
        nodes.Unit.Options = nodes.Unit.Options with { Keys = Key("two") };
        var refused = await Assert.ThrowsAsync<RelayException>(nodes.Unit.OpenAsync);
        Assert.Equal(RelayFault.StorageKeyMissing, refused.Fault);
        Assert.Contains(Key("one").WritingId!, refused.Message, StringComparison.Ordinal);
        nodes.Unit.Options = nodes.Unit.Options with { Keys = Key("two", "one") };
        await nodes.Unit.OpenAsync();
        Assert.Equal(bytes, await ReadAsync(nodes.Unit, kept));
    }

    [Fact]
    public async Task The_same_bytes_under_a_new_key_are_kept_once_and_the_older_key_still_counts()
    {
        await using var nodes = await OpenAsync(Key("one"));
        var bytes = RandomNumberGenerator.GetBytes(2_000_000);
        var kept = await KeepAsync(nodes.Unit, bytes);
        nodes.Unit.Options = nodes.Unit.Options with { Keys = Key("two", "one") };
        await nodes.Unit.KillAndReopenAsync();
        Assert.Equal(kept, await KeepAsync(nodes.Unit, bytes));
        Assert.Equal(bytes, await ReadAsync(nodes.Unit, kept));
        Assert.Equal(1, await nodes.Unit.Node.Payloads.CollectAsync(Older(-1), default)); // the second copy, which no row names
        Assert.Equal(bytes, await ReadAsync(nodes.Unit, kept));
        Assert.Equal(1, (await KeysInUse.ReadAsync(nodes.Unit.Options.DataFolder, nodes.Unit.Options.Postgres, default))!.Single(k => k.Id == Key("one").WritingId).Payloads);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(300_000)]
    [InlineData(2_000_000)]
    public async Task Sealed_bytes_that_were_changed_cut_moved_or_exchanged_are_never_given_out(int size)
    {
        await using var nodes = await OpenAsync(Key("one"));
        var (bytes, kept) = await KeepAsync(nodes.Unit, size);
        var (_, other) = await KeepAsync(nodes.Unit, size);
        var whole = await KeptAsync(nodes.Unit, kept);
        var others = await KeptAsync(nodes.Unit, other);
        Assert.Equal(SealLayout.Sealed(size), whole.Length);
        List<byte[]> bent = [others, [.. whole[..^1], (byte)(whole[^1] ^ 1)], [.. whole[..SealLayout.HeadBytes], .. others[SealLayout.HeadBytes..]]];
        foreach (var at in new[] { 0, 9, 20, SealLayout.HeadBytes, whole.Length / 2, whole.Length - 17 })
            bent.Add([.. whole[..at], (byte)(whole[at] ^ 0x40), .. whole[(at + 1)..]]);
        if (size > 2 * Piece)
        {
            var (first, second) = (SealLayout.HeadBytes, SealLayout.HeadBytes + SealLayout.SealedPieceBytes);
            var third = second + SealLayout.SealedPieceBytes;
            bent.Add([.. whole[..first], .. whole[second..third], .. whole[first..second], .. whole[third..]]); // two pieces change places
            bent.Add([.. whole[..second], .. others[second..third], .. whole[third..]]); // a piece of another payload
        }

        foreach (var changed in bent)
        {
            Assert.Equal(whole.Length, changed.Length);
            await PutAsync(nodes.Unit, kept, changed);
            await AssertDamagedAsync(nodes.Unit, kept, bytes);
        }

        await PutAsync(nodes.Unit, kept, whole);
        Assert.Equal(bytes, await ReadAsync(nodes.Unit, kept));
    }

    [Fact]
    public void A_key_file_is_32_bytes_in_any_of_three_writings_and_anything_else_is_named()
    {
        var bytes = RandomNumberGenerator.GetBytes(32);
        File.WriteAllText(_folder["hex"], Convert.ToHexString(bytes) + "\n");
        File.WriteAllText(_folder["base64"], Convert.ToBase64String(bytes) + "\n");
        File.WriteAllBytes(_folder["raw"], bytes);
        Assert.Single(((string[])["hex", "base64", "raw"]).Select(f => KeyRing.Read([_folder[f]]).WritingId).Distinct());
        File.WriteAllText(_folder["short"], "abcd");
        foreach (var bad in (string[])["short", "absent"])
        {
            var refused = Assert.Throws<RelayException>(() => KeyRing.Read([_folder[bad]]));
            Assert.Equal(RelayFault.StorageKeyUnusable, refused.Fault);
            Assert.Contains(_folder[bad], refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("abcd", refused.Message, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _folder.Dispose();
    }

    private protected abstract TimeSpan Older(int hours);

    /// <summary>A payload's bytes as they are kept.</summary>
    private protected abstract Task<byte[]> KeptLargeAsync(TestNode node, PayloadRef payload);

    private protected abstract Task PutLargeAsync(TestNode node, PayloadRef payload, byte[] bytes);

    private protected abstract Task<bool> IsReadableAsync(TestNode node, byte[] piece);

    /// <summary>A ring of keys by names, the first one writes.</summary>
    private protected KeyRing Key(params string[] names)
    {
        foreach (var name in names.Where(n => !File.Exists(_folder[n])))
            File.WriteAllText(_folder[name], Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))));
        return KeyRing.Read([.. names.Select(n => _folder[n])]);
    }

    private Task<ThreeNodes> OpenAsync(KeyRing ring) => ThreeNodes.OpenAsync(keys, nodes =>
    {
        foreach (var node in nodes.All)
            node.Options = node.Options with { Keys = ring, ScratchFolder = _folder[$"memory-{node.Name}"] };
    });

    private static async Task<(byte[] Bytes, PayloadRef Kept)> KeepAsync(TestNode node, int size)
    {
        var bytes = RandomNumberGenerator.GetBytes(size);
        return (bytes, await KeepAsync(node, bytes));
    }

    /// <summary>Keeps bytes as a committed document does; what comes back knows nothing of where they are.</summary>
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

    private static async Task<byte[]> ReadAsync(TestNode node, PayloadRef payload)
    {
        using var copy = new MemoryStream();
        await using var stream = node.Node.Payloads.Open(payload);
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static async Task AssertDamagedAsync(TestNode node, PayloadRef payload, byte[] right)
    {
        var seen = new MemoryStream();
        var damaged = await Assert.ThrowsAsync<RelayException>(async () =>
        {
            await using var stream = node.Node.Payloads.Open(payload);
            var buffer = new byte[10_000];
            while (await stream.ReadAsync(buffer) is > 0 and var count)
                seen.Write(buffer, 0, count);
        });
        Assert.True(damaged.Fault is RelayFault.PayloadDamaged or RelayFault.StorageKeyMissing, damaged.Message);
        Assert.Equal(right[..(int)seen.Length], seen.ToArray()); // what came before the damage is what was kept
    }

    private async Task<byte[]> KeptAsync(TestNode node, PayloadRef payload) => payload.Size > PayloadStore.InlineBytes
        ? await KeptLargeAsync(node, payload)
        : (await node.Node.Ground.Database.ReadAsync(tx => tx.QueryAsync(
            "SELECT sealed FROM payload WHERE sha256 = @sha256", row => row.Bytes(0), default, ("sha256", payload.Sha256))))[0];

    private Task PutAsync(TestNode node, PayloadRef payload, byte[] bytes) => payload.Size > PayloadStore.InlineBytes
        ? PutLargeAsync(node, payload, bytes)
        : node.Node.Ground.Database.WriteAsync(tx => tx.ExecuteAsync(
            "UPDATE payload SET sealed = @bytes WHERE sha256 = @sha256", default, ("bytes", bytes), ("sha256", payload.Sha256)));
}

public sealed class SealedFilesTests(RelayKeys keys) : SealedPayloadTests(keys), IClassFixture<RelayKeys>
{
    private readonly RelayKeys keys = keys;

    [Fact]
    public async Task A_file_that_is_too_short_or_too_long_is_damaged()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys, n => n.Unit.Options = n.Unit.Options with { Keys = Key("one") });
        using var source = new MemoryStream(RandomNumberGenerator.GetBytes(2_000_000));
        var kept = await nodes.Unit.Node.Payloads.SaveAsync(source, default);
        var file = Directory.GetFiles(Path.Combine(nodes.Unit.Options.DataFolder, "payloads"), "*", SearchOption.AllDirectories).Single();
        foreach (var by in (int[])[-1, -SealLayout.SealedPieceBytes, 1])
        {
            using (var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite))
                RandomAccess.SetLength(handle, SealLayout.Sealed(kept.Size) + by);
            Assert.Equal(RelayFault.PayloadDamaged, Assert.Throws<RelayException>(() => nodes.Unit.Node.Payloads.Open(kept)).Fault);
        }
    }

    private protected override TimeSpan Older(int hours) => keys.Time.GetUtcNow() - TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(hours);

    private protected override async Task<byte[]> KeptLargeAsync(TestNode node, PayloadRef payload)
    {
        var (path, from) = await PlaceAsync(node, payload);
        var bytes = new byte[SealLayout.Sealed(payload.Size)];
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        RandomAccess.Read(file, bytes, from);
        return bytes;
    }

    private protected override async Task PutLargeAsync(TestNode node, PayloadRef payload, byte[] bytes)
    {
        var (path, from) = await PlaceAsync(node, payload);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = from;
        await file.WriteAsync(bytes);
    }

    private protected override Task<bool> IsReadableAsync(TestNode node, byte[] piece) => Task.FromResult(
        Directory.EnumerateFiles(node.Options.DataFolder, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) is not ("reserve" or "node.lock"))
            .Any(f =>
            {
                using var file = new FileStream(f, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var all = new byte[file.Length];
                file.ReadExactly(all);
                return all.AsSpan().IndexOf(piece) >= 0;
            }));

    private static async Task<(string Path, long From)> PlaceAsync(TestNode node, PayloadRef payload)
    {
        var (segment, place, key) = (await node.Node.Ground.Database.ReadAsync(tx => tx.QueryAsync(
            "SELECT COALESCE(segment, 0), COALESCE(place, 0), key_id FROM payload WHERE sha256 = @sha256",
            row => (row.Number(0), row.Number(1), row.Text(2)), default, ("sha256", payload.Sha256))))[0];
        var folder = node.Options.DataFolder;
        return segment > 0
            ? (Path.Combine(folder, "segments", $"{segment:D8}"), place)
            : (Path.Combine(folder, "payloads", payload.Sha256[..2], payload.Sha256[2..4], $"{payload.Sha256}.{key}"), 0);
    }
}

public sealed class SealedChunksTests(RelayKeysOnPostgres keys) : SealedPayloadTests(keys), IClassFixture<RelayKeysOnPostgres>
{
    private protected override TimeSpan Older(int hours) => TimeSpan.FromHours(hours);

    private protected override async Task<byte[]> KeptLargeAsync(TestNode node, PayloadRef payload) =>
        [.. (await node.Node.Ground.Database.ReadAsync(tx => tx.QueryAsync(
            "SELECT c.bytes FROM payload_chunk c JOIN payload_upload u ON u.upload = c.upload WHERE substr(u.sha256, 1, 64) = @sha256 ORDER BY c.place",
            row => row.Bytes(0), default, ("sha256", payload.Sha256)))).SelectMany(chunk => chunk)];

    private protected override async Task PutLargeAsync(TestNode node, PayloadRef payload, byte[] bytes)
    {
        var chunks = bytes.Chunk(ChunkPayloads.ChunkBytes).ToList();
        for (var i = 0; i < chunks.Count; i++)
        {
            var (place, chunk) = (i, chunks[i]);
            await node.Node.Ground.Database.WriteAsync(tx => tx.ExecuteAsync(
                """
                UPDATE payload_chunk SET bytes = @bytes WHERE place = @place
                  AND upload = (SELECT u.upload FROM payload_upload u WHERE substr(u.sha256, 1, 64) = @sha256)
                """, default, ("bytes", chunk), ("place", place), ("sha256", payload.Sha256)));
        }
    }

    private protected override async Task<bool> IsReadableAsync(TestNode node, byte[] piece) => await node.Node.Ground.Database.ReadAsync(
        tx => tx.NumberAsync(
            """
            SELECT (SELECT COUNT(*) FROM payload WHERE position(@piece IN bytes) > 0) + (SELECT COUNT(*) FROM payload WHERE position(@piece IN sealed) > 0)
                 + (SELECT COUNT(*) FROM payload_chunk WHERE position(@piece IN bytes) > 0) + (SELECT COUNT(*) FROM quarantine WHERE position(@piece IN bytes) > 0)
            """, default, ("piece", piece))) > 0;
}
