using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Cli.Doctor;

/// <summary>Whether what is at the other end of a link answers, when it is not a node of ours.</summary>
internal static class LinkChecks
{
    /// <summary>Asks the axis for what waits: address, secret and clock in one question that changes nothing.</summary>
    public static async Task<Check> AxisAsync(LinkConfig link, NodeConfig config, TimeProvider time, CancellationToken ct)
    {
        var name = $"Trục {link.Name} / axis";
        try
        {
            var vxp = link.Vxp!;
            var secret = (await File.ReadAllLinesAsync(config.PathOf(vxp.SecretFile), ct)).FirstOrDefault()?.Trim() ?? "";
            using var client = new VxpClient(
                new VxpClientOptions { Endpoint = new Uri(link.Address!), SystemId = vxp.SystemId, Secret = () => secret, AnswerTimeout = TimeSpan.FromSeconds(10) },
                Gateway.Links.VxpChannel.Handler(link), time);
            var reply = await client.ListReceivedAsync(VxpMessageType.Status, ct);
            if (reply.Error is { } error)
                return Check.Bad(name, $"{link.Address}: {(int)error.Code} {error.Description}", "kiểm tra systemId, secretFile và đồng hồ / check systemId, secretFile and the clock");
            var skew = (reply.PeerTime ?? time.GetUtcNow()) - time.GetUtcNow();
            var text = $"{link.Address} trả lời / answers, lệch giờ / clock {skew.TotalSeconds:+0;-0} s";
            return skew.Duration() > NodeChecks.AllowedSkew ? Check.Warn(name, text, "chỉnh đồng hồ máy này (NTP) / set this machine's clock (NTP)") : Check.Ok(name, text);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return Check.Bad(name, e);
        }
    }

    public static Check Folder(LinkConfig link, NodeConfig config)
    {
        var name = $"Thư mục {link.Name} / folder";
        string[] folders = [config.PathOf(link.Folder!.Out), config.PathOf(link.Folder.In)];
        var missing = folders.Where(folder => !Directory.Exists(folder)).ToList();
        return missing.Count == 0
            ? Check.Ok(name, string.Join(", ", folders))
            : Check.Warn(name, string.Join(", ", missing), "chưa có: gắn thiết bị, hoặc tạo thư mục / not there: connect the medium, or make the folder");
    }
}
