using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>Streams the attachments of one packet into files, then matches them with the manifest.</summary>
internal sealed class AttachmentReading(string folder, EdxmlLimits limits, ProblemList problems, CancellationToken ct)
{
    private const string Path = "AttachmentEncoded.Attachment";
    private const int MaxTextChars = 64 * 1024;

    private readonly List<Found> found = [];
    private int files;
    private long total;

    /// <summary>Reads the children of AttachmentEncoded, on whose start tag the reader stands; leaves it on the end tag.</summary>
    public void ReadAll(XmlReader xml, MeteredStream metered)
    {
        if (xml.IsEmptyElement)
            return;
        while (xml.Read() && xml.NodeType != XmlNodeType.EndElement)
        {
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "Attachment")
                ReadOne(xml, metered);
            else
                SkipUnknown(xml);
        }
    }

    /// <summary>The attachments that came whole, each under its manifest entry; what does not match becomes a problem.</summary>
    public IReadOnlyList<UnpackedAttachment> Match(EdxmlDocument? document)
    {
        var references = (document?.References ?? []).GroupBy(r => r.ContentId, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var twice in found.GroupBy(f => f.ContentId, StringComparer.Ordinal).Where(g => g.Skip(1).Any()))
            problems.Error(
                $"D.{Path}.ContentId", AxisFault.InvalidContent,
                $"Hai tệp đính kèm cùng ContentId «{EdxmlXml.Shown(twice.Key)}».", $"Two attachments have the ContentId «{EdxmlXml.Shown(twice.Key)}».");
        foreach (var missing in references.Values.Where(r => found.TrueForAll(f => f.ContentId != r.ContentId)))
            problems.Error(
                $"N.{Path}", AxisFault.AttachmentMissing,
                $"Thiếu tệp đính kèm «{EdxmlXml.Shown(missing.AttachmentName ?? missing.ContentId)}» mà gói tin đã khai báo: hãy gửi lại đủ tệp.",
                $"The attachment «{EdxmlXml.Shown(missing.AttachmentName ?? missing.ContentId)}» that the manifest names is missing: send the packet again with it.");
        if (document is not null)
            foreach (var extra in found.Where(f => !references.ContainsKey(f.ContentId)))
                problems.Warn(
                    "W.edXMLBody.edXMLManifest.Reference",
                    $"Tệp đính kèm «{EdxmlXml.Shown(extra.Name ?? extra.ContentId)}» không có trong phần khai báo.",
                    $"The attachment «{EdxmlXml.Shown(extra.Name ?? extra.ContentId)}» is not in the manifest.");
        return found.Where(f => f.Whole).Select(f => Unwrap(f, references.GetValueOrDefault(f.ContentId))).OfType<UnpackedAttachment>().ToList();
    }

    /// <summary>Deletes what was written: the packet was refused before its end.</summary>
    public void Abandon()
    {
        for (var i = 1; i <= files; i++)
            File.Delete(FileOf(i));
    }

    private void ReadOne(XmlReader xml, MeteredStream metered)
    {
        if (++files > limits.MaxAttachments)
            throw new AxisException(
                AxisFault.LimitExceeded, $"Gói tin có hơn {limits.MaxAttachments} tệp đính kèm.", $"The packet has more than {limits.MaxAttachments} attachments.");
        var attachment = new Found { Path = FileOf(files), Line = ((IXmlLineInfo)xml).LineNumber };
        if (!xml.IsEmptyElement)
            while (xml.Read() && xml.NodeType != XmlNodeType.EndElement)
            {
                if (xml.NodeType != XmlNodeType.Element)
                    continue;
                switch (xml.LocalName)
                {
                    case "ContentId": attachment.ContentId = ContentIds.Read(ReadText(xml)) ?? ""; break;
                    case "AttachmentName": attachment.Name = ReadText(xml); break;
                    case "Description": attachment.Description = ReadText(xml); break;
                    case "ContentType": attachment.ContentType = ReadText(xml); break;
                    case "ContentTransferEncoded": ReadContent(xml, metered, attachment); break;
                    default: SkipUnknown(xml); break; // FieldName and MimeType are seen in some packets
                }
            }
        if (attachment.ContentId.Length == 0)
            problems.Missing($"{Path}.ContentId", EdxmlSeverity.Error);
        if (!attachment.HasContent)
            problems.Missing($"{Path}.ContentTransferEncoded", EdxmlSeverity.Error);
        found.Add(attachment);
    }

    private void ReadContent(XmlReader xml, MeteredStream metered, Found attachment)
    {
        if (attachment.HasContent)
        {
            problems.Error(
                $"D.{Path}.ContentTransferEncoded", AxisFault.InvalidContent,
                $"Tệp đính kèm thứ {files} có nhiều nội dung.", $"Attachment {files} has more than one content.");
            SkipUnknown(xml);
            return;
        }
        attachment.HasContent = true;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var file = new FileStream(attachment.Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1))
        {
            metered.Paused = true;
            attachment.Whole = new Base64Content(xml, ct).CopyTo(bytes => Keep(file, hash, attachment, bytes));
            metered.Paused = false;
        }
        attachment.Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (attachment.Whole)
            return;
        File.Delete(attachment.Path);
        problems.Error(
            $"M.{Path}.ContentTransferEncoded", AxisFault.AttachmentCorrupt,
            $"Nội dung base64 của tệp đính kèm thứ {files} (dòng {attachment.Line}) bị hỏng sau {attachment.Size} byte: hãy gửi lại gói tin.",
            $"The base64 of attachment {files} (line {attachment.Line}) is broken after {attachment.Size} bytes: send the packet again.");
    }

    private void Keep(FileStream file, IncrementalHash hash, Found attachment, ReadOnlySpan<byte> bytes)
    {
        attachment.Size += bytes.Length;
        Count(bytes.Length, attachment.Size);
        hash.AppendData(bytes);
        file.Write(bytes);
    }

    private void Count(int more, long size)
    {
        total += more;
        if (size > limits.MaxAttachmentBytes || total > limits.MaxTotalBytes)
            throw new AxisException(
                AxisFault.LimitExceeded,
                $"Tệp đính kèm quá lớn: tối đa {limits.MaxAttachmentBytes} byte một tệp, {limits.MaxTotalBytes} byte cả gói.",
                $"The attachments are too large: at most {limits.MaxAttachmentBytes} bytes each and {limits.MaxTotalBytes} bytes in all.");
    }

    private UnpackedAttachment? Unwrap(Found file, EdxmlReference? reference)
    {
        var name = file.Name ?? reference?.AttachmentName;
        var type = file.ContentType ?? reference?.ContentType;
        if (!AttachmentEncoding.IsWrapped(type, name))
            return new UnpackedAttachment(file.ContentId, name, type, file.Description, file.Path, file.Size, file.Sha256, WasZipped: false);
        var unzipped = file.Path + ".unzipped";
        try
        {
            var (size, sha256) = AttachmentZip.Extract(file.Path, unzipped, limits, ct);
            File.Move(unzipped, file.Path, overwrite: true);
            return new UnpackedAttachment(file.ContentId, name, type, file.Description, file.Path, size, sha256, WasZipped: true);
        }
        catch (AxisException refused)
        {
            File.Delete(unzipped);
            File.Delete(file.Path);
            problems.Error($"M.{Path}.ContentTransferEncoded", refused.Fault, $"Tệp đính kèm «{EdxmlXml.Shown(name!)}»: {refused.Vi}", $"Attachment «{EdxmlXml.Shown(name!)}»: {refused.Message}");
            return null;
        }
    }

    // The element's text, trimmed; leaves the reader on its end tag. Children are passed over.
    private static string? ReadText(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return null;
        var text = new StringBuilder();
        for (var depth = xml.Depth; xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth);)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && text.Length < MaxTextChars)
                text.Append(xml.Value);
        }
        return text.ToString().Trim() is { Length: > 0 } found ? found : null;
    }

    private void SkipUnknown(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return;
        var guard = new XmlGuard(limits);
        for (var depth = xml.Depth; xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth);)
            guard.Saw(xml);
    }

    private string FileOf(int number) => System.IO.Path.Combine(folder, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>One attachment while it is read.</summary>
    private sealed class Found
    {
        public required string Path { get; init; }

        public required int Line { get; init; }

        public string ContentId { get; set; } = "";

        public string? Name { get; set; }

        public string? Description { get; set; }

        public string? ContentType { get; set; }

        public bool HasContent { get; set; }

        public bool Whole { get; set; }

        public long Size { get; set; }

        public string Sha256 { get; set; } = "";
    }
}
