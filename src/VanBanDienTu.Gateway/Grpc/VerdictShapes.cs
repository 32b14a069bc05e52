using Google.Protobuf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>
/// Verdicts as the contract shows them. The proto mirrors the report's JSON name by name, so the JSON is the translation: one
/// mapping to keep right instead of two.
/// </summary>
internal static class VerdictShapes
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public static Proto.Report ToProto(this VerificationReport report) => Parser.Parse<Proto.Report>(ReportJson.Text(report, indented: false));

    public static Proto.FileVerdict ToProto(this FileVerdict verdict) => new VerificationReport(
        "", Unnamed, default, NoTrust, [verdict]).ToProto().Files[0];

    private static readonly PolicyReference Unnamed = new("", "");
    private static readonly TrustReference NoTrust = new("", 0, false);
}
