using Google.Protobuf;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Grpc;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing.Evidence;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Links;

/// <summary>
/// The way across an air gap: a bundle for each message into one folder, receipts of the other node out of another. People carry both. A message
/// stays queued here until its signed receipt is back; carrying anything twice, or losing a medium, changes nothing.
/// </summary>
internal sealed class FolderLink(LinkConfig config, string outFolder, string inFolder, EvidenceSigner signer) : IAxisLink
{
    public const string ReceiptExtension = ".receipt.json";

    private const int MaxReceiptBytes = 1 << 20;

    public string Name => config.Name;

    public LinkConfig Config => config;

    public string Out => outFolder;

    public string In => inFolder;

    /// <inheritdoc/>
    public async Task<AxisOutcome> SendAsync(OutboundMessage message, CancellationToken ct)
    {
        var bundle = Path.Combine(outFolder, message.Header.Id.ToString("D") + Bundle.Extension);
        try
        {
            if (await ReceiptAsync(message, ct) is { } answered)
            {
                File.Delete(bundle);
                return answered;
            }

            if (!Directory.Exists(outFolder))
                return new AxisOutcome.Unreachable($"The folder {outFolder} is not there; is the medium connected?");
            if (!File.Exists(bundle))
                await CarriedFile.PutAsync(bundle, to => Bundle.WriteAsync(to, message, signer), ct);
            return new AxisOutcome.Busy($"The bundle {Path.GetFileName(bundle)} lies in {outFolder} and waits to be carried; its receipt is not back yet.", config.Folder!.Poll);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new AxisOutcome.Unreachable(e.Message);
        }
    }

    public static string ReceiptName(Guid message) => message.ToString("D") + ReceiptExtension;

    /// <summary>The other node's answer, if it was carried back; whether it holds is checked where every receipt is.</summary>
    private async Task<AxisOutcome?> ReceiptAsync(OutboundMessage message, CancellationToken ct)
    {
        var file = new FileInfo(Path.Combine(inFolder, ReceiptName(message.Header.Id)));
        if (!file.Exists || file.Length > MaxReceiptBytes)
            return null;
        try
        {
            var answer = JsonParser.Default.Parse<Proto.DeliverResponse>(await File.ReadAllTextAsync(file.FullName, ct));
            var receipt = answer.Receipt?.ToRelay();
            return receipt is null
                ? null // a bundle crosses between nodes that sign
                : answer.Accepted
                    ? new AxisOutcome.Accepted(receipt) // how late it came says nothing about the other clock
                    : new AxisOutcome.Refused(new Reason(answer.ReasonCode, answer.Reason?.Vi ?? "", answer.Reason?.En ?? ""), receipt);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException)
        {
            return null; // still being copied, or broken: the bundle stays, and is answered again
        }
    }
}
