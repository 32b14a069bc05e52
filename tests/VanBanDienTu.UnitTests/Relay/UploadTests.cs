using System.Security.Cryptography;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>Uploads that were cut off; the same on files and on PostgreSQL.</summary>
public abstract class UploadTests(RelayKeys keys)
{
    private const int Cut = 3 << 20;
    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes((5 << 20) + 12_345);
    private static readonly UploadKey Upload = new(UploadKey.OfUnit("G99.63"), "r-1", 0, new PayloadRef(Convert.ToHexStringLower(SHA256.HashData(Bytes)), Bytes.Length));

    [Theory]
    [InlineData(Cut)]
    [InlineData(Cut - 100_000)]
    [InlineData(300)]
    public async Task An_upload_goes_on_where_it_was_cut_off_also_after_a_kill(int from)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await CutOffAsync(nodes.Unit, Cut + 1_000);
        Assert.Equal(Cut, await nodes.Unit.Node.Payloads.HeldAsync(Upload, default));
        await nodes.Unit.KillAndReopenAsync();
        Assert.Equal(Cut, await nodes.Unit.Node.Payloads.HeldAsync(Upload, default));
        PayloadRef kept;
        await using (var writer = await nodes.Unit.Node.Payloads.ResumeAsync(Upload, from, default))
        {
            await WriteAsync(writer, from, Bytes.Length);
            kept = await writer.CompleteAsync(Upload.Announced.Sha256);
        }

        using var copy = new MemoryStream();
        await using (var stream = nodes.Unit.Node.Payloads.Open(kept))
            await stream.CopyToAsync(copy);
        Assert.Equal(Bytes, copy.ToArray());
        Assert.Equal(0, await nodes.Unit.Node.Payloads.HeldAsync(Upload, default));
    }

    [Fact]
    public async Task Nobody_finds_an_upload_who_is_not_its_owner_or_announces_something_else()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await CutOffAsync(nodes.Unit, Cut);
        UploadKey[] others =
        [
            Upload with { Owner = UploadKey.OfUnit("G99") }, Upload with { Owner = UploadKey.OfNode("G99.63") }, Upload with { Request = "r-2" }, Upload with { Index = 1 },
            Upload with { Announced = Upload.Announced with { Size = Bytes.Length + 1 } }, Upload with { Announced = Upload.Announced with { Sha256 = new string('a', 64) } },
        ];
        foreach (var other in others)
        {
            Assert.Equal(0, await nodes.Unit.Node.Payloads.HeldAsync(other, default));
            Assert.Equal(RelayFault.OffsetUnknown, (await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Payloads.ResumeAsync(other, Cut, default))).Fault);
        }

        var beyond = await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Payloads.ResumeAsync(Upload, Cut + 1, default));
        Assert.Equal(RelayFault.OffsetUnknown, beyond.Fault);
        Assert.Equal(Cut, await nodes.Unit.Node.Payloads.HeldAsync(Upload, default));
    }

    [Fact]
    public async Task What_turns_out_wrong_at_the_end_is_not_gone_on_with()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await using (var writer = await nodes.Unit.Node.Payloads.ResumeAsync(Upload, 0, default))
        {
            for (var i = 0; i <= Bytes.Length / Cut; i++)
                await writer.WriteAsync(Bytes.AsMemory(0, Math.Min(Cut, Bytes.Length - (i * Cut))));
            Assert.Equal(Bytes.Length, writer.Size);
            Assert.Equal(RelayFault.DigestMismatch, (await Assert.ThrowsAsync<RelayException>(() => writer.CompleteAsync(Upload.Announced.Sha256))).Fault);
        }

        Assert.Equal(0, await nodes.Unit.Node.Payloads.HeldAsync(Upload, default));
    }

    [Fact]
    public async Task A_second_connection_takes_an_upload_over_and_the_first_one_is_told()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await using var first = await nodes.Unit.Node.Payloads.ResumeAsync(Upload, 0, default);
        await WriteAsync(first, 0, Cut);
        await using var second = await nodes.Unit.Node.Payloads.ResumeAsync(Upload, Cut, default);
        await WriteAsync(second, Cut, Bytes.Length);
        Assert.Equal(RelayFault.Busy, (await Assert.ThrowsAsync<RelayException>(() => WriteAsync(first, Cut, Bytes.Length))).Fault);
        Assert.Equal(Upload.Announced, await second.CompleteAsync(Upload.Announced.Sha256));
    }

    [Fact]
    public async Task Uploads_that_nobody_goes_on_with_are_bounded_and_collected()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var payloads = nodes.Unit.Node.Payloads;
        await CutOffAsync(nodes.Unit, Cut, "the first");
        for (var i = 1; i < UploadKey.MostOfOwner; i++)
            await CutOffAsync(nodes.Unit, 300_000, $"upload {i}");
        Assert.Equal(Cut, await payloads.HeldAsync(Upload with { Request = "the first" }, default));
        await CutOffAsync(nodes.Unit, 300_000, "one more");
        Assert.Equal(0, await payloads.HeldAsync(Upload with { Request = "the first" }, default));
        Assert.Equal(0, await payloads.CollectAsync(Older(6), default));
        Assert.InRange(await payloads.CollectAsync(Older(-1), default), UploadKey.MostOfOwner, UploadKey.MostOfOwner + 1);
        Assert.Equal(0, await payloads.HeldAsync(Upload with { Request = "one more" }, default));
    }

    private protected static async Task CutOffAsync(TestNode node, int after, string? request = null)
    {
        await using var writer = await node.Node.Payloads.ResumeAsync(request is null ? Upload : Upload with { Request = request }, 0, default);
        await WriteAsync(writer, 0, after);
    }

    private protected static UploadKey Key => Upload;

    private static async Task WriteAsync(PayloadWriter writer, int from, int to)
    {
        for (; from < to; from += 100_000)
            await writer.WriteAsync(Bytes.AsMemory(from, Math.Min(100_000, to - from)));
    }

    /// <summary>An age by the clock of the place where the bytes are kept.</summary>
    private protected abstract TimeSpan Older(int hours);
}

public sealed class UploadsAsFilesTests(RelayKeys keys) : UploadTests(keys), IClassFixture<RelayKeys>
{
    private readonly RelayKeys keys = keys;

    [Fact]
    public async Task What_a_power_cut_damaged_is_not_gone_on_with_but_what_lies_before_it()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await CutOffAsync(nodes.Unit, 3 << 20);
        var file = Directory.GetFiles(Path.Combine(nodes.Unit.Options.DataFolder, "uploads")).Single(f => Path.GetExtension(f).Length == 0);
        using (var data = new FileStream(file, FileMode.Open))
        {
            data.Position = (2 << 20) + 7;
            data.Write(new byte[100]);
        }

        Assert.Equal(RelayFault.OffsetUnknown, (await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Payloads.ResumeAsync(Key, 3 << 20, default))).Fault);
        Assert.Equal(2 << 20, await nodes.Unit.Node.Payloads.HeldAsync(Key, default));
    }

    private protected override TimeSpan Older(int hours) => keys.Time.GetUtcNow() - TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(hours);
}

public sealed class UploadsInPostgresTests(RelayKeysOnPostgres keys) : UploadTests(keys), IClassFixture<RelayKeysOnPostgres>
{
    private protected override TimeSpan Older(int hours) => TimeSpan.FromHours(hours);
}

public sealed class Crc32CTests
{
    /// <summary>Vectors of RFC 3720, B.4, and «123456789».</summary>
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AA)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x62A8AB43)]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", 0x46DD794E)]
    [InlineData("313233343536373839", 0xE3069283)]
    public void Sums_are_those_of_the_standard_also_in_parts(string hex, uint expected)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Equal(expected, Crc32C.Of(bytes));
        Assert.Equal(expected, Crc32C.Of(bytes.AsSpan(5), Crc32C.Of(bytes.AsSpan(0, 5))));
    }
}
