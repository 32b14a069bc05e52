using System.Collections.Frozen;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>Longest texts that known implementations take; the larger figure where they differ.</summary>
internal static class EdxmlLengths
{
    public static IReadOnlyDictionary<string, int> Default { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["MessageHeader.Code.CodeNumber"] = 11,
        ["MessageHeader.Code.CodeNotation"] = 30,
        ["MessageHeader.PromulgationInfo.Place"] = 50,
        ["MessageHeader.DocumentType.TypeName"] = 100,
        ["MessageHeader.Subject"] = 500,
        ["MessageHeader.Content"] = 500,
        ["MessageHeader.SignerInfo.Competence"] = 100,
        ["MessageHeader.SignerInfo.Position"] = 100,
        ["MessageHeader.SignerInfo.FullName"] = 50,
        ["MessageHeader.OtherInfo.SphereOfPromulgation"] = 100,
        ["MessageHeader.OtherInfo.TyperNotation"] = 10,
        ["MessageHeader.OtherInfo.Appendixes.Appendix"] = 250,
        ["MessageHeader.ToPlaces.Place"] = 150,
        ["TraceHeaderList.Bussiness.BussinessDocReason"] = 1000,
    }
    .Concat(Organ("MessageHeader.From")).Concat(Organ("MessageHeader.To"))
    .Concat(Staff("MessageHeader.StaffInfo")).Concat(Staff("TraceHeaderList.Bussiness.StaffInfo"))
    .ToFrozenDictionary(StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, int>> Organ(string path) =>
    [
        new(path + ".OrganizationInCharge", 500), new(path + ".OrganName", 200), new(path + ".OrganAdd", 500),
        new(path + ".Email", 100), new(path + ".Telephone", 20), new(path + ".Fax", 20), new(path + ".Website", 100),
    ];

    private static IEnumerable<KeyValuePair<string, int>> Staff(string path) =>
    [
        new(path + ".Department", 250), new(path + ".Staff", 100), new(path + ".Email", 100), new(path + ".Mobile", 100),
    ];
}
