using System.Text;
using System.Xml;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>Writes packets' XML in the order, the formats and the prefixes of the official builder.</summary>
public static class EdxmlWriter
{
    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    /// <summary>The envelope: header and manifest, without attachments. The same document gives the same bytes.</summary>
    /// <exception cref="AxisException">
    /// <see cref="AxisFault.InvalidContent"/> or <see cref="AxisFault.SecretDocument"/>, with every problem that <see cref="EdxmlRules"/> finds:
    /// peers do not check what they get, so nothing bad is written.
    /// </exception>
    public static byte[] WriteEnvelope(EdxmlDocument document, EdxmlRules? rules = null)
    {
        Refuse((rules ?? EdxmlRules.Default).Check(document));
        return ToBytes(xml => DocumentWriting.Write(xml, document));
    }

    /// <summary>A whole status packet: it has no body, no trace and no attachments.</summary>
    /// <exception cref="AxisException"><see cref="AxisFault.InvalidContent"/>, with every problem.</exception>
    public static byte[] WriteStatus(EdxmlStatus status, EdxmlRules? rules = null)
    {
        Refuse((rules ?? EdxmlRules.Default).Check(status));
        return ToBytes(xml => StatusWriting.Write(xml, status));
    }

    /// <summary>Starts XML on a stream as official packets start; the caller disposes the writer, the stream stays open.</summary>
    internal static XmlWriter Start(Stream output, bool indent)
    {
        output.Write(Encoding.ASCII.GetBytes(Declaration));
        return XmlWriter.Create(output, new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            OmitXmlDeclaration = true, // written above: XmlWriter would say «utf-8», official packets say «UTF-8»
            Indent = indent,
            NewLineChars = "\n",
            NewLineHandling = NewLineHandling.Entitize,
            CloseOutput = false,
        });
    }

    private static void Refuse(IReadOnlyList<EdxmlProblem> problems)
    {
        if (problems.Any(p => p.IsError))
            throw AxisException.For(problems);
    }

    private static byte[] ToBytes(Action<XmlWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var xml = Start(bytes, indent: true))
        {
            xml.WriteStartElement("", EdxmlNames.Root, EdxmlNames.Namespace);
            xml.Open("edXMLEnvelope");
            write(xml);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }
}

/// <summary>The few verbs that the writers below speak in: absent values leave no element.</summary>
internal static class XmlVerbs
{
    public static void Open(this XmlWriter xml, string name) =>
        xml.WriteStartElement(EdxmlNames.Prefix, name, EdxmlNames.Namespace);

    public static void Put(this XmlWriter xml, string name, string? value)
    {
        if (value is { Length: > 0 })
            xml.WriteElementString(EdxmlNames.Prefix, name, EdxmlNames.Namespace, value);
    }

    public static void Put(this XmlWriter xml, string name, int? value) => xml.Put(name, value?.ToString());

    public static void Put(this XmlWriter xml, string name, DateOnly? value) =>
        xml.Put(name, value is { } date ? EdxmlTime.Write(date) : null);

    public static void Put(this XmlWriter xml, string name, DateTimeOffset? value) =>
        xml.Put(name, value is { } time ? EdxmlTime.Write(time) : null);

    public static void Put(this XmlWriter xml, string list, string name, IReadOnlyCollection<string> values)
    {
        if (values.Count == 0)
            return;
        xml.Open(list);
        foreach (var value in values)
            xml.Put(name, value);
        xml.WriteEndElement();
    }
}
