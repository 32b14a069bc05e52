using System.Text.Json.Nodes;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Cli;
using VanBanDienTu.UnitTests.Architecture;

namespace VanBanDienTu.UnitTests.Axis;

public sealed class EdxmlCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static string Sample => Path.Combine(Repository.Root, "tests/VanBanDienTu.UnitTests/Axis/samples/document.edxml");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_packet_unpacked_and_packed_again_is_the_same()
    {
        var into = Path.Combine(folder.Path, "ra");
        var again = Path.Combine(folder.Path, "lai.edxml");

        Assert.Equal(0, (await RunAsync("edxml", "unpack", Sample, "-o", into)).Exit);
        Assert.Equal(["1234_BTNMT-KHTC_signed.pdf", "envelope.xml"], Directory.GetFileSystemEntries(into).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(0, (await RunAsync("edxml", "pack", Path.Combine(into, "1234_BTNMT-KHTC_signed.pdf"), "--envelope", Path.Combine(into, "envelope.xml"), "-o", again)).Exit);

        var (before, after) = (await ShowAsync(Sample), await ShowAsync(again));
        before.Remove("file");
        after.Remove("file");
        Assert.Equal(before.ToJsonString(), after.ToJsonString());
    }

    [Fact]
    public async Task A_packet_is_made_from_a_pdf_and_a_few_words()
    {
        var packet = Path.Combine(folder.Path, "cv.edxml");
        var made = await RunAsync(
            "edxml", "pack", Path.Combine(Repository.Root, "samples/cong-van.pdf"), "--from", "G13", "--to", "G22", "--to", "H09=UBND tỉnh Bình Dương",
            "--number", "1234/BTNMT-KHTC", "--date", "2024-11-21", "--subject", "V/v báo cáo", "--place", "Hà Nội", "--urgency", "khan", "-o", packet);

        Assert.Equal(0, made.Exit);
        var shown = await ShowAsync(packet);
        Assert.Empty(shown["problems"]!.AsArray());
        Assert.Equal("G13,2024/11/21,1234/BTNMT-KHTC", (string?)shown["document"]!["documentId"]);
        Assert.Equal("UBND tỉnh Bình Dương", (string?)shown["document"]!["to"]![1]!["name"]);
        Assert.Equal("ddc38ee0d6fff05a59065e6b872f58f5873f77bc53a3a2cfa05e68172a215c6d", (string?)shown["attachments"]![0]!["sha256"]);
    }

    [Fact]
    public async Task A_bad_packet_ends_with_1_and_all_its_problems()
    {
        var bad = Path.Combine(folder.Path, "bad.edxml");
        await File.WriteAllTextAsync(bad, (await File.ReadAllTextAsync(Sample))
            .Replace("<edXML:CodeNumber>1234</edXML:CodeNumber>", "", StringComparison.Ordinal).Replace("JVBER", "*", StringComparison.Ordinal));

        var people = await RunAsync("edxml", "check", Sample, bad);
        var machines = await RunAsync("edxml", "check", "--json", folder.Path);

        Assert.Equal((1, 1), (people.Exit, machines.Exit));
        Assert.Contains("LỖI  N.MessageHeader.Code.CodeNumber", people.Output, StringComparison.Ordinal);
        Assert.Contains("LỖI  M.AttachmentEncoded.Attachment.ContentTransferEncoded", people.Output, StringComparison.Ordinal);
        var file = JsonNode.Parse(machines.Output)!["files"]![0]!;
        Assert.Equal((false, 2), ((bool)file["ok"]!, file["problems"]!.AsArray().Count));
    }

    [Fact]
    public async Task Words_that_are_missing_end_with_64_and_files_that_are_missing_with_66()
    {
        Assert.Equal(64, (await RunAsync("edxml", "show")).Exit);
        Assert.Equal(64, (await RunAsync("edxml", "pack", "--from", "G13", "-o", Path.Combine(folder.Path, "x"))).Exit);
        Assert.Equal(66, (await RunAsync("edxml", "check", Path.Combine(folder.Path, "none.edxml"))).Exit);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Unpacking_never_writes_outside_its_folder_nor_over_a_file()
    {
        var hostile = Path.Combine(folder.Path, "hostile.edxml");
        var text = (await File.ReadAllTextAsync(Sample)).Replace("1234_BTNMT-KHTC_signed.pdf", "../../evil.pdf", StringComparison.Ordinal);
        await File.WriteAllTextAsync(hostile, text);
        var into = Path.Combine(folder.Path, "a", "b");

        Assert.Equal(0, (await RunAsync("edxml", "unpack", hostile, "-o", into)).Exit);
        Assert.Equal(["_.._evil.pdf", "envelope.xml"], Directory.GetFileSystemEntries(into).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(into, "envelope.xml"), "của tôi");

        Assert.Equal(1, (await RunAsync("edxml", "unpack", hostile, "-o", into)).Exit);
        Assert.Equal("của tôi", await File.ReadAllTextAsync(Path.Combine(into, "envelope.xml")));
        Assert.Equal(0, (await RunAsync("edxml", "unpack", hostile, "-o", into, "--force")).Exit);
        Assert.NotEqual("của tôi", await File.ReadAllTextAsync(Path.Combine(into, "envelope.xml")));
        Assert.Equal(["a", "hostile.edxml"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_status_has_a_name_in_both_languages() =>
        Assert.All(Enum.GetValues<EdxmlStatusCode>(), code =>
        {
            Assert.NotEmpty(code.Vi());
            Assert.NotEmpty(code.En());
            Assert.True(EdxmlStatusCodes.TryParse(code.Code(), out var same) && same == code);
        });

    private static async Task<JsonObject> ShowAsync(string packet)
    {
        var shown = await RunAsync("edxml", "show", "--json", packet);
        Assert.Equal(0, shown.Exit);
        return JsonNode.Parse(shown.Output)!["files"]![0]!.AsObject();
    }

    private static async Task<(int Exit, string Output)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(args, output, error);
        return (exit, output.ToString());
    }
}
