using Grpc.Core;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Gateway.Access;

/// <summary>Whose messages a neighbouring node may deliver: its own organ's, and those of organs whose route leads back to it.</summary>
internal sealed class PeerAuthority(NodeState state, RelayNode relay, TimeProvider time)
{
    /// <exception cref="RequestException">NOT_YOUR_ORGAN: the message speaks for an organ that is not behind this neighbour.
    /// ORGAN_LOCKED. ROUTE_UNKNOWN: a unit forwards nothing.</exception>
    public void Demand(Caller peer, MessageHeader message)
    {
        if (state.Directory.Config.Role == NodeRole.Unit && !state.Directory.IsLocal(message.To.Organ))
            throw new RequestException(StatusCode.FailedPrecondition, "ROUTE_UNKNOWN",
                $"Nút đơn vị này không chuyển tiếp: {message.To.Organ} không đặt tại đây.",
                $"This unit's node forwards nothing: {message.To.Organ} does not live here.");
        var from = message.From.Organ;
        var route = relay.Directory.Route(from, time.GetUtcNow());
        if (route is RouteAnswer.Locked)
            throw new RequestException(StatusCode.PermissionDenied, "ORGAN_LOCKED",
                $"Cơ quan gửi {from} đang bị khoá tại nút này.", $"The sending organ {from} is locked at this node.");
        if (string.Equals(from, peer.Organ, StringComparison.Ordinal) && route is not RouteAnswer.Local)
            return;
        if (route is RouteAnswer.Via via && string.Equals(via.Link, state.Directory.LinkOf(peer), StringComparison.Ordinal))
            return;
        throw new RequestException(StatusCode.PermissionDenied, "NOT_YOUR_ORGAN",
            $"Nút {peer.NodeName} ({peer.Organ}) không được chuyển văn bản của cơ quan {from}: tuyến của {from} không đi qua nút đó.",
            $"Node {peer.NodeName} ({peer.Organ}) may not deliver for organ {from}: the route of {from} does not lead to it.");
    }
}
