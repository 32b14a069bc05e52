using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Organs;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;

namespace VanBanDienTu.Cli.Demo;

/// <summary>Writes what the demo leaves: signed PDFs, edXML packets, receipts, reports.</summary>
internal sealed class Keepsakes(DemoFolder folder)
{
    /// <summary>The signed PDF as this recipient fetched it.</summary>
    public string KeepSigned(Fetched fetched)
    {
        var target = Path.Combine(folder.Signed, NameOf(fetched) + ".pdf");
        File.Copy(fetched.Files[0], target, overwrite: true);
        return target;
    }

    /// <summary>The packet as it reached this recipient: the sender's envelope, every hop, the files.</summary>
    public string KeepPacket(Fetched fetched)
    {
        var envelope = fetched.Header.Envelope.Memory;
        var manifest = EdxmlReader.ReadEnvelope(envelope).RequireDocument().References;
        var hops = fetched.Header.Hops.Select(h => new TraceHop(OrganId.Parse(h.OrganId), VietnamTime.At(h.TimeUnixMs))).ToList();
        var files = manifest.Zip(fetched.Files, (m, path) => new PacketAttachment(m.ContentId, Path.GetFileName(path), m.Description, () => File.OpenRead(path))).ToList();
        var target = Path.Combine(folder.Packets, NameOf(fetched) + ".edxml");
        using var output = File.Create(target);
        EdxmlPacket.Pack(envelope, hops, files, output);
        return target;
    }

    /// <summary>All evidence that a node holds; returns how many pieces.</summary>
    public Task<int> KeepReceiptsAsync(string nodeName, NodeConnection auditor, CancellationToken ct) =>
        EvidenceFiles.WriteAsync(auditor, new GetEvidenceRequest { AfterSequence = 0 }, folder.Receipts, nodeName + "-", ct);

    /// <summary>The verification report of one file, for machines and for people.</summary>
    public void KeepReport(string name, VerificationReport report)
    {
        File.WriteAllBytes(Path.Combine(folder.Reports, name + ".json"), ReportJson.Utf8(report));
        File.WriteAllText(Path.Combine(folder.Reports, name + ".html"), ReportHtml.Write(report));
    }

    public static string NameOf(Fetched fetched) => $"{Path.GetFileNameWithoutExtension(fetched.Files[0])}.{fetched.Organ}";
}
