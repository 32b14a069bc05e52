using System.Xml.Linq;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>Puts hops into an envelope's tree and takes them out again, leaving everything else as it is.</summary>
internal static class TraceMarks
{
    private static readonly XName List = EdxmlNames.Ns + "TraceHeaderList";
    private static readonly XName Hop = EdxmlNames.Ns + "TraceHeader";

    /// <summary>Adds hops behind those already there, before the business part.</summary>
    public static void Add(XElement root, IReadOnlyList<TraceHop> hops)
    {
        if (hops.Count == 0 || Header(root) is not { } header)
            return;
        var list = header.Element(List) ?? NewList(header);
        var marks = hops.SelectMany(hop => new XNode[] { new XText("\n        "), Mark(hop) }).ToArray();
        if (list.Elements(Hop).LastOrDefault() is { } last)
            last.AddAfterSelf(marks);
        else
            list.AddFirst(marks);
    }

    /// <summary>Takes all hops out.</summary>
    public static void Remove(XElement root)
    {
        if (Header(root)?.Element(List) is not { } list)
            return;
        foreach (var hop in list.Elements(Hop).ToList())
            RemoveWithSpace(hop);
        // A list that was made for the hops goes with them.
        if (!list.HasElements)
            RemoveWithSpace(list);
    }

    private static void RemoveWithSpace(XElement element)
    {
        if (element.PreviousNode is XText space && string.IsNullOrWhiteSpace(space.Value))
            space.Remove();
        element.Remove();
    }

    private static XElement? Header(XElement root) =>
        root.Element(EdxmlNames.Ns + "edXMLEnvelope")?.Element(EdxmlNames.Ns + "edXMLHeader");

    private static XElement NewList(XElement header)
    {
        var list = new XElement(List, new XText("\n      "));
        var after = header.Element(EdxmlNames.Ns + "MessageHeader");
        if (after is null)
            header.Add(list);
        else
            after.AddAfterSelf(new XText("\n      "), list);
        return list;
    }

    private static XElement Mark(TraceHop hop)
    {
        var mark = new XElement(Hop);
        if (hop.OrganId is { } organ)
            mark.Add(new XText("\n          "), new XElement(EdxmlNames.Ns + "OrganId", organ.Text));
        if (hop.Timestamp is { } time)
            mark.Add(new XText("\n          "), new XElement(EdxmlNames.Ns + "Timestamp", EdxmlTime.Write(time)));
        mark.Add(new XText("\n        "));
        return mark;
    }
}
