using System.Xml.Linq;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>What reading gave: a document, or a status, or neither when there is an error; and everything that is wrong or odd.</summary>
public sealed record EdxmlReading(EdxmlDocument? Document, EdxmlStatus? Status, IReadOnlyList<EdxmlProblem> Problems)
{
    public bool HasErrors => Problems.Any(p => p.IsError);

    /// <exception cref="AxisException">The packet has errors (all of them are in it), or is a status.</exception>
    public EdxmlDocument RequireDocument() => Require(Document, "gói tin văn bản", "a document packet");

    /// <exception cref="AxisException">The packet has errors (all of them are in it), or is a document.</exception>
    public EdxmlStatus RequireStatus() => Require(Status, "gói tin trạng thái", "a status packet");

    private T Require<T>(T? found, string vi, string en)
        where T : class
    {
        if (HasErrors)
            throw AxisException.For(Problems);
        return found ?? throw new AxisException(AxisFault.NotEdxml, $"Gói tin này không phải {vi}.", $"This packet is not {en}.", Problems);
    }
}

/// <summary>Reads an envelope (a packet's XML without attachments) or a status packet: by name, in any order, under any prefix.</summary>
public static class EdxmlReader
{
    /// <summary>Tells document and status apart by themselves. Never throws for what the bytes hold; all problems are listed at once.</summary>
    /// <param name="envelope">At most <see cref="EdxmlLimits.MaxEnvelopeBytes"/>. A whole packet with attachments is <see cref="EdxmlPacket.Unpack"/>'s work.</param>
    public static EdxmlReading ReadEnvelope(ReadOnlyMemory<byte> envelope, EdxmlLimits? limits = null, EdxmlRules? rules = null)
    {
        var bounds = limits ?? EdxmlLimits.Default;
        var problems = new ProblemList(bounds.MaxProblems);
        var xml = EdxmlXml.Load(envelope, bounds, problems);
        return xml is null ? new EdxmlReading(null, null, problems.All) : Read(xml, problems, rules ?? EdxmlRules.Default);
    }

    /// <summary>The same from a stream, read to its end or to the limit.</summary>
    public static EdxmlReading ReadEnvelope(Stream envelope, EdxmlLimits? limits = null, EdxmlRules? rules = null)
    {
        var max = (limits ?? EdxmlLimits.Default).MaxEnvelopeBytes;
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; bytes.Length <= max && (read = envelope.Read(buffer)) > 0;)
            bytes.Write(buffer, 0, read);
        return ReadEnvelope(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), limits, rules);
    }

    internal static EdxmlReading Read(XDocument xml, ProblemList problems, EdxmlRules rules)
    {
        var root = xml.Root!;
        if (!EdxmlXml.IsEdxmlRoot(root.Name.LocalName, root.Name.NamespaceName, problems))
            return new EdxmlReading(null, null, problems.All);
        var packet = new ElementReader(root, "", problems);
        packet.Has("AttachmentEncoded");
        var envelope = packet.Wrapper("edXMLEnvelope");
        packet.Done();
        var header = envelope?.Wrapper("edXMLHeader");
        var message = header?.Child("MessageHeader");
        if (message is null)
        {
            problems.Missing(envelope is null ? "edXMLEnvelope" : header is null ? "edXMLHeader" : "MessageHeader", EdxmlSeverity.Error, root);
            return new EdxmlReading(null, null, problems.All);
        }
        // Only a status has a code, and it is the only packet without receivers.
        return message.Has("StatusCode") && !message.Has("To")
            ? Status(new ElementReader(message.Element, "MessageHeader", problems), problems, rules)
            : Document(new DocumentReading(envelope!, header!, new ElementReader(message.Element, "MessageHeader", problems), problems), problems, rules);
    }

    private static EdxmlReading Document(DocumentReading reading, ProblemList problems, EdxmlRules rules)
    {
        var document = reading.Read();
        if (document is not null)
            problems.Add(rules.Check(document));
        return new EdxmlReading(problems.HasError ? null : document, null, problems.All);
    }

    private static EdxmlReading Status(ElementReader message, ProblemList problems, EdxmlRules rules)
    {
        var status = StatusReading.Read(message);
        if (status is not null)
            problems.Add(rules.Check(status));
        return new EdxmlReading(null, problems.HasError ? null : status, problems.All);
    }
}
