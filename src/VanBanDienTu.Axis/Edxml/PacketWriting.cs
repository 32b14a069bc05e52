using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>Writes a packet: the envelope's own tree, the hops put into it, the attachments streamed behind it.</summary>
internal static class PacketWriting
{
    private const int ChunkBytes = 48 * 1024;

    public static void Write(ReadOnlyMemory<byte> envelope, IReadOnlyList<TraceHop> hops, IReadOnlyList<PacketAttachment> attachments, Stream output)
    {
        var root = Load(envelope);
        Match(root, attachments);
        TraceMarks.Add(root, hops);
        WriteTree(root, attachments, output);
    }

    public static byte[] WithHops(ReadOnlyMemory<byte> envelope, IReadOnlyList<TraceHop> hops)
    {
        var root = Load(envelope);
        TraceMarks.Add(root, hops);
        using var bytes = new MemoryStream();
        WriteTree(root, [], bytes);
        return bytes.ToArray();
    }

    private static XElement Load(ReadOnlyMemory<byte> envelope)
    {
        var problems = new ProblemList(EdxmlLimits.Default.MaxProblems);
        var xml = EdxmlXml.Load(envelope, EdxmlLimits.Default, problems);
        if (xml is null || !EdxmlXml.IsEdxmlRoot(xml.Root!.Name.LocalName, xml.Root.Name.NamespaceName, problems))
            throw AxisException.For(problems.All);
        xml.Root.Elements(EdxmlNames.Ns + "AttachmentEncoded").Remove();
        return xml.Root;
    }

    private static void WriteTree(XElement root, IReadOnlyList<PacketAttachment> attachments, Stream output)
    {
        using (var xml = EdxmlWriter.Start(output, indent: false))
        {
            xml.WriteStartElement(root.GetPrefixOfNamespace(root.Name.Namespace) ?? "", root.Name.LocalName, root.Name.NamespaceName);
            foreach (var attribute in root.Attributes().Where(a => !IsDeclared(root, a)))
                WriteAttribute(xml, attribute);
            foreach (var node in root.Nodes())
                node.WriteTo(xml);
            if (attachments.Count > 0)
                WriteAttachments(xml, attachments);
            xml.WriteEndElement();
        }
        output.WriteByte((byte)'\n');
    }

    private static bool IsDeclared(XElement root, XAttribute attribute) =>
        attribute.IsNamespaceDeclaration && attribute.Value == root.Name.NamespaceName;

    private static void WriteAttribute(XmlWriter xml, XAttribute attribute)
    {
        var prefix = attribute.IsNamespaceDeclaration
            ? attribute.Name.NamespaceName.Length == 0 ? "" : "xmlns"
            : attribute.Parent!.GetPrefixOfNamespace(attribute.Name.Namespace);
        xml.WriteAttributeString(prefix, attribute.Name.LocalName, attribute.Name.NamespaceName, attribute.Value);
    }

    private static void WriteAttachments(XmlWriter xml, IReadOnlyList<PacketAttachment> attachments)
    {
        xml.WriteWhitespace("  ");
        xml.WriteStartElement("AttachmentEncoded", EdxmlNames.Namespace);
        foreach (var attachment in attachments)
        {
            xml.WriteWhitespace("\n    ");
            xml.WriteStartElement("Attachment", EdxmlNames.Namespace);
            Put(xml, "ContentId", ContentIds.Write(attachment.ContentId));
            Put(xml, "AttachmentName", attachment.Name);
            Put(xml, "Description", attachment.Description);
            Put(xml, "ContentType", AttachmentEncoding.ContentTypeOf(attachment.Name));
            xml.WriteWhitespace("\n      ");
            xml.Open("ContentTransferEncoded");
            WriteContent(xml, attachment);
            xml.WriteEndElement();
            xml.WriteWhitespace("\n    ");
            xml.WriteEndElement();
        }
        xml.WriteWhitespace("\n  ");
        xml.WriteEndElement();
        xml.WriteWhitespace("\n");
    }

    private static void Put(XmlWriter xml, string name, string? value)
    {
        if (value is not { Length: > 0 })
            return;
        xml.WriteWhitespace("\n      ");
        xml.WriteElementString(name, EdxmlNames.Namespace, value);
    }

    private static void WriteContent(XmlWriter xml, PacketAttachment attachment)
    {
        using var content = attachment.Open();
        using var encoded = new Base64TextStream(xml);
        if (!AttachmentEncoding.IsWrapped(attachment.Name))
        {
            content.CopyTo(encoded, ChunkBytes);
            return;
        }
        using var zip = new ZipArchive(encoded, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8);
        var entry = zip.CreateEntry(AttachmentEncoding.EntryNameOf(attachment.ContentId, attachment.Name), CompressionLevel.Optimal);
        // A fixed time (the first that ZIP knows), so that packing again gives the same bytes.
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var inside = entry.Open();
        content.CopyTo(inside, ChunkBytes);
    }

    private static void Match(XElement root, IReadOnlyList<PacketAttachment> attachments)
    {
        var declared = root.Descendants(EdxmlNames.Ns + "Reference")
            .Select(r => ContentIds.Read(r.Element(EdxmlNames.Ns + "ContentId")?.Value)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var given = attachments.Select(a => a.ContentId).ToHashSet(StringComparer.Ordinal);
        if (declared.Except(given, StringComparer.Ordinal).FirstOrDefault() is { } missing)
            throw new AxisException(
                AxisFault.AttachmentMissing,
                $"Thiếu tệp đính kèm «{missing}» mà gói tin đã khai báo.", $"The attachment «{missing}» that the manifest names was not given.");
        if (given.Except(declared, StringComparer.Ordinal).FirstOrDefault() is { } extra)
            throw new AxisException(
                AxisFault.AttachmentMissing,
                $"Tệp đính kèm «{extra}» chưa được khai báo trong gói tin.", $"The attachment «{extra}» is not in the manifest.");
        if (given.Count != attachments.Count)
            throw new AxisException(
                AxisFault.InvalidContent, "Hai tệp đính kèm có cùng ContentId.", "Two attachments have the same ContentId.");
    }

    /// <summary>Bytes in, base64 text of the current element out, without line breaks.</summary>
    private sealed class Base64TextStream(XmlWriter xml) : Stream
    {
        private readonly byte[] pending = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        private int count;
        private bool closed;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > 0)
            {
                var part = Math.Min(bytes.Length, ChunkBytes - count);
                bytes[..part].CopyTo(pending.AsSpan(count));
                bytes = bytes[part..];
                count += part;
                if (count == ChunkBytes) // a multiple of three: the text never needs padding before its end
                    Emit();
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !closed)
            {
                closed = true;
                Emit();
                ArrayPool<byte>.Shared.Return(pending);
            }
            base.Dispose(disposing);
        }

        private void Emit()
        {
            if (count > 0)
                xml.WriteBase64(pending, 0, count);
            count = 0;
        }
    }
}
