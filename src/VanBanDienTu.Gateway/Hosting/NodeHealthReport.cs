using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>What is wrong with the node: the relay's problems and the gateway's own.</summary>
internal sealed class NodeHealthReport(NodeState state, OwnCertificates own, TimeProvider time)
{
    private static readonly TimeSpan EndsSoon = TimeSpan.FromDays(7);

    public IReadOnlyList<Reason> Problems(HealthReport relay)
    {
        var problems = new List<Reason>(relay.Problems);
        if (state.Trust.IsEmpty)
            problems.Add(new("NO_TRUST_ANCHORS", "Không có neo tin cậy nào: mọi chữ ký và mọi lời gọi đều bị từ chối; hãy đặt chứng thư gốc vào thư mục trust.",
                "There are no trust anchors: no signature and no caller can be trusted; put the root certificates into the trust folder."));
        var now = time.GetUtcNow();
        foreach (var (use, certificate) in own.All.Where(c => c.Certificate.NotAfter - now < EndsSoon))
            problems.Add(new("CERTIFICATE_ENDS", $"Chứng thư {use} hết hạn ngày {certificate.NotAfter:yyyy-MM-dd}.",
                $"The certificate for {use} ends on {certificate.NotAfter:yyyy-MM-dd}."));
        return problems;
    }
}
