namespace VanBanDienTu.Axis.Edxml;

/// <summary>How bad a problem is.</summary>
public enum EdxmlSeverity
{
    /// <summary>The packet is still usable; shown and kept.</summary>
    Warning,

    /// <summary>It is not certain who sends what to whom, or the bytes are not whole: the packet is refused.</summary>
    Error,
}

/// <summary>
/// One thing wrong with a packet, named the way gateways on the axis do: a letter and a path, as in <c>N.MessageHeader.To.OrganId</c>.
/// </summary>
/// <param name="Code"><c>N.</c> missing, <c>R.</c> too long, <c>M.</c> malformed, <c>T.</c> wrong type, <c>D.</c> given twice, <c>W.</c> odd but accepted.</param>
/// <param name="Severity">Whether the packet is refused for it.</param>
/// <param name="Fault">The kind of fault, for programs.</param>
/// <param name="Vi">One sentence for people: what, where, what to do.</param>
/// <param name="En">The same in English.</param>
/// <param name="Line">Line in the XML, from 1; null when the packet was not read from XML.</param>
/// <param name="Column">Column in the XML, from 1.</param>
public sealed record EdxmlProblem(
    string Code, EdxmlSeverity Severity, AxisFault Fault, string Vi, string En, int? Line = null, int? Column = null)
{
    public bool IsError => Severity == EdxmlSeverity.Error;
}
