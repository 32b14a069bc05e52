using System.Xml.Linq;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>Names of the packet's XML.</summary>
internal static class EdxmlNames
{
    /// <summary>QCVN 102:2016/BTTTT.</summary>
    public const string Namespace = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

    /// <summary>Packets of before 2016; refused by name.</summary>
    public const string OldNamespace = "http://www.e-doc.vn/Schema/";

    /// <summary>The SOAP envelope that the old packets came in.</summary>
    public const string SoapNamespace = "http://schemas.xmlsoap.org/soap/envelope/";

    public const string SignatureNamespace = "http://www.w3.org/2000/09/xmldsig#";

    /// <summary>The prefix that official packets use; a reader must not care.</summary>
    public const string Prefix = "edXML";

    public const string Root = "edXML";

    public static readonly XNamespace Ns = Namespace;
}
