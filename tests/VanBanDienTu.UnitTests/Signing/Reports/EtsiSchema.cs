using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Reports;

/// <summary>
/// The schema of ETSI TS 119 102-2, with those types of the three schemas that it imports which a report can use, written here as
/// their standards define them: nothing is fetched.
/// </summary>
internal static class EtsiSchema
{
    private const string Imported =
        """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://www.w3.org/2000/09/xmldsig#" targetNamespace="http://www.w3.org/2000/09/xmldsig#" elementFormDefault="qualified">
          <xs:element name="Signature" type="xs:anyType"/>
          <xs:element name="SignatureValue"><xs:complexType><xs:simpleContent><xs:extension base="xs:base64Binary"><xs:attribute name="Id" type="xs:ID"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
          <xs:element name="DigestMethod"><xs:complexType mixed="true"><xs:sequence><xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence><xs:attribute name="Algorithm" type="xs:anyURI" use="required"/></xs:complexType></xs:element>
          <xs:element name="DigestValue" type="xs:base64Binary"/>
        </xs:schema>
        ---
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" targetNamespace="http://uri.etsi.org/01903/v1.3.2#" elementFormDefault="qualified">
          <xs:import namespace="http://www.w3.org/2000/09/xmldsig#"/>
          <xs:complexType name="DigestAlgAndValueType"><xs:sequence><xs:element ref="ds:DigestMethod"/><xs:element ref="ds:DigestValue"/></xs:sequence></xs:complexType>
          <xs:complexType name="SignaturePolicyIdentifierType"><xs:choice><xs:element name="SignaturePolicyId" type="xs:anyType"/><xs:element name="SignaturePolicyImplied"/></xs:choice></xs:complexType>
        </xs:schema>
        ---
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://uri.etsi.org/02231/v2#" elementFormDefault="qualified">
          <xs:complexType name="DigitalIdentityType"><xs:sequence><xs:any processContents="lax"/></xs:sequence></xs:complexType>
          <xs:complexType name="TSPInformationType"><xs:sequence><xs:any processContents="lax" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
        </xs:schema>
        """;

    private static readonly Lazy<XmlSchemaSet> Schemas = new(Load);

    /// <summary>Every way in which a report breaks the schema.</summary>
    public static IReadOnlyList<string> Problems(byte[] report)
    {
        var problems = new List<string>();
        using var stream = new MemoryStream(report);
        XDocument.Load(stream).Validate(Schemas.Value, (_, e) => problems.Add(e.Message));
        return problems;
    }

    private static XmlSchemaSet Load()
    {
        var set = new XmlSchemaSet { XmlResolver = null };
        foreach (var schema in Imported.Split("---"))
            set.Add(null, XmlReader.Create(new StringReader(schema.Trim())));
        set.Add(null, XmlReader.Create(Path.Combine(Samples.Corpus, "..", "schemas", "TS119102-2-v141.xsd")));
        set.Compile();
        return set;
    }
}
