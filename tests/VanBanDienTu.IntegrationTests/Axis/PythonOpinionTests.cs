using System.Diagnostics;
using System.Text;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.IntegrationTests.Axis;

/// <summary>A second opinion on packets: Python's own XML, base64 and ZIP.</summary>
public sealed class PythonOpinionTests : IDisposable
{
    private const string Reads = """
        import sys, base64, hashlib, io, zipfile, xml.etree.ElementTree as E
        n = '{http://www.mic.gov.vn/TBT/QCVN_102_2016}'
        r = E.parse(sys.argv[1]).getroot()
        print(r.tag == n + 'edXML', r.find(f'.//{n}Subject').text)
        print('|'.join(o.text for o in r.findall(f'.//{n}TraceHeader/{n}OrganId')))
        for a in r.findall(f'{n}AttachmentEncoded/{n}Attachment'):
            text = a.find(n + 'ContentTransferEncoded').text
            b = base64.b64decode(text, validate=True)
            if a.find(n + 'ContentType').text == 'application/zip':
                z = zipfile.ZipFile(io.BytesIO(b)); assert z.testzip() is None
                assert len(z.namelist()) == 1 and z.namelist()[0].endswith('.xlsx'); b = z.read(z.namelist()[0])
            print(a.find(n + 'ContentId').text, a.find(n + 'AttachmentName').text, hashlib.sha256(b).hexdigest())
        """;

    private const string Writes = """
        import sys, xml.etree.ElementTree as E
        t = E.parse(sys.argv[1])
        t.write(sys.argv[2], encoding='utf-16')
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("axis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Python_reads_our_packet_as_we_meant_it()
    {
        var packet = Packet();

        var lines = (await PythonAsync(Reads, packet)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(
            [
                "True V/v thử nghiệm <&> «trục»",
                "G13|H09.1",
                "cid:một chính.pdf ddc38ee0d6fff05a59065e6b872f58f5873f77bc53a3a2cfa05e68172a215c6d",
                "cid:hai phụ lục.xlsx fd59d0862b8381a0bbff56aa4f6955480c935a3da4383d831ea5e59a8d1ff349",
            ],
            lines);
    }

    [Fact]
    public async Task A_packet_rewritten_by_python_with_its_own_prefixes_in_utf_16_is_read_the_same()
    {
        var rewritten = Path.Combine(folder, "python.edxml");
        await PythonAsync(Writes, Packet(), rewritten);
        Assert.Contains("ns0:", await File.ReadAllTextAsync(rewritten, Encoding.Unicode), StringComparison.Ordinal);

        using var input = File.OpenRead(rewritten);
        var packet = EdxmlPacket.Unpack(input, Directory.CreateDirectory(Path.Combine(folder, "out")).FullName);

        Assert.Empty(packet.Problems);
        Assert.Equal("V/v thử nghiệm <&> «trục»", packet.Reading.RequireDocument().Subject);
        Assert.Equal(
            ["ddc38ee0d6fff05a59065e6b872f58f5873f77bc53a3a2cfa05e68172a215c6d", "fd59d0862b8381a0bbff56aa4f6955480c935a3da4383d831ea5e59a8d1ff349"],
            packet.Attachments.Select(a => a.Sha256));
    }

    private string Packet()
    {
        var envelope = EdxmlWriter.WriteEnvelope(new EdxmlDocument
        {
            From = new EdxmlOrgan { OrganId = OrganId.Parse("G13") },
            To = [new EdxmlOrgan { OrganId = OrganId.Parse("H09.1") }],
            DocumentId = "G13,2026/11/22,1/BC",
            Code = new EdxmlCode("01", "BC-BTNMT"),
            Promulgation = new PromulgationInfo("Hà Nội", new DateOnly(2026, 11, 22)),
            DocumentType = new EdxmlDocumentType(2, 0, "Báo cáo"),
            Subject = "V/v thử nghiệm <&> «trục»",
            Content = "Thử nghiệm",
            Signer = new SignerInfo(null, null, "Nguyễn Văn A"),
            Bussiness = new Bussiness { Type = BussinessType.New },
            References = [new EdxmlReference("một", "application/pdf", null, "chính.pdf"), new EdxmlReference("hai", "application/zip", null, "phụ lục.xlsx")],
        });
        var noon = new DateTimeOffset(2026, 11, 22, 5, 0, 0, TimeSpan.Zero);
        var packet = Path.Combine(folder, "ours.edxml");
        using var output = File.Create(packet);
        EdxmlPacket.Pack(
            envelope,
            [new TraceHop(OrganId.Parse("G13"), noon), new TraceHop(OrganId.Parse("H09.1"), noon.AddSeconds(2))],
            [
                new PacketAttachment("một", "chính.pdf", null, () => File.OpenRead(Sample("cong-van.pdf"))),
                new PacketAttachment("hai", "phụ lục.xlsx", null, () => File.OpenRead(Sample("bao-cao.pdf"))),
            ],
            output);
        return packet;
    }

    private static string Sample(string name)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "VanBanDienTu.sln")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests must run inside the checkout.");
        return Path.Combine(root, "samples", name);
    }

    private static async Task<string> PythonAsync(string script, params string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-X", "utf8", "-c", script, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        var error = python.StandardError.ReadToEndAsync();
        var output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await error);
        return output;
    }
}
