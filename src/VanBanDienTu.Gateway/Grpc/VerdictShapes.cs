using System.Runtime.CompilerServices;
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

    public static Proto.FileVerdict ToProto(this FileVerdict verdict) => Shown.GetValue(verdict, v => new VerificationReport(
        "", Unnamed, default, NoTrust, [v]).ToProto().Files[0]);

    /// <summary>A verdict that is held is shown more than once: in a list, in a watch, with the bytes.</summary>
    private static readonly ConditionalWeakTable<FileVerdict, Proto.FileVerdict> Shown = [];

    private static readonly PolicyReference Unnamed = new("", "");
    private static readonly TrustReference NoTrust = new("", 0, false);
}
