using System.Xml;
using System.Xml.Linq;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>
/// One pass over a packet: what belongs to the envelope is copied (bounded), each attachment is streamed into a file,
/// and at the end manifest and attachments are matched by their ContentId, whatever their order was.
/// </summary>
internal sealed class PacketReading(string folder, EdxmlLimits limits, EdxmlRules rules, CancellationToken ct)
{
    private readonly ProblemList problems = new(limits.MaxProblems);
    private readonly XmlGuard guard = new(limits);

    public UnpackedPacket Read(Stream input)
    {
        var attachments = new AttachmentReading(folder, limits, problems, ct);
        var envelope = new MemoryStream();
        using var metered = new MeteredStream(input, limits);
        try
        {
            using var xml = EdxmlXml.Open(metered);
            xml.MoveToContent();
            if (!EdxmlXml.IsEdxmlRoot(xml.LocalName, xml.NamespaceURI, problems))
                return Refused();
            CopyRoot(xml, envelope, () => attachments.ReadAll(xml, metered));
            while (xml.Read()) // what follows the root must be well-formed too
                ct.ThrowIfCancellationRequested();
        }
        catch (XmlException refused)
        {
            EdxmlXml.NotXml(refused, problems);
            attachments.Abandon();
            return Refused();
        }
        catch (AxisException refused)
        {
            problems.Error("R.edXML", refused.Fault, refused.Vi, refused.Message);
            attachments.Abandon();
            return Refused();
        }
        return Finish(envelope, attachments);
    }

    // Leaves the reader after the root's end tag.
    private void CopyRoot(XmlReader xml, Stream into, Action attachments)
    {
        using var copy = EdxmlWriter.Start(into, indent: false);
        do
        {
            ct.ThrowIfCancellationRequested();
            guard.Saw(xml);
            if (xml is { NodeType: XmlNodeType.Element, Depth: 1, LocalName: "AttachmentEncoded", NamespaceURI: EdxmlNames.Namespace })
                attachments();
            else
                CopyNode(xml, copy);
        }
        while (!(xml is { Depth: 0 } && (xml.NodeType == XmlNodeType.EndElement || xml.IsEmptyElement)) && xml.Read());
    }

    private static void CopyNode(XmlReader xml, XmlWriter copy)
    {
        switch (xml.NodeType)
        {
            case XmlNodeType.Element:
                copy.WriteStartElement(xml.Prefix, xml.LocalName, xml.NamespaceURI);
                copy.WriteAttributes(xml, defattr: false);
                if (xml.IsEmptyElement)
                    copy.WriteEndElement();
                break;
            case XmlNodeType.EndElement:
                copy.WriteFullEndElement();
                break;
            case XmlNodeType.Text or XmlNodeType.CDATA:
                copy.WriteString(xml.Value);
                break;
            case XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                copy.WriteWhitespace(xml.Value);
                break;
            // Comments and processing instructions mean nothing here and are left behind.
        }
    }

    private UnpackedPacket Finish(MemoryStream copied, AttachmentReading attachments)
    {
        var tree = EdxmlXml.Load(copied.GetBuffer().AsMemory(0, (int)copied.Length), limits, problems);
        if (tree is null)
            return Refused();
        var reading = EdxmlReader.Read(tree, problems, rules);
        var whole = attachments.Match(reading.Document);
        TraceMarks.Remove(tree.Root!);
        if (tree.Root!.LastNode is XText space && string.IsNullOrWhiteSpace(space.Value))
            space.Value = "\n"; // what stood around the attachments
        return new UnpackedPacket(
            Bytes(tree), reading.Document?.Trace ?? [],
            new EdxmlReading(problems.HasError ? null : reading.Document, problems.HasError ? null : reading.Status, problems.All), whole);
    }

    private UnpackedPacket Refused() => new([], [], new EdxmlReading(null, null, problems.All), []);

    private static byte[] Bytes(XDocument tree)
    {
        using var bytes = new MemoryStream();
        using (var xml = EdxmlWriter.Start(bytes, indent: false))
            tree.Root!.WriteTo(xml);
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }
}

/// <summary>Counts the bytes of a packet outside its attachments, so that no text or attribute can grow without end.</summary>
internal sealed class MeteredStream(Stream inner, EdxmlLimits limits) : Stream
{
    private long left = limits.MaxEnvelopeBytes;

    /// <summary>True while an attachment's base64 passes: its size is judged where it is decoded.</summary>
    public bool Paused { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        if (!Paused && (left -= read) < 0)
            throw EdxmlXml.TooLarge(limits);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
