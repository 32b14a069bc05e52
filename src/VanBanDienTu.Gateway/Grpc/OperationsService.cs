using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Relay;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>For those who run the node.</summary>
internal sealed class OperationsService(RelayNode relay, NodeHealthReport health, NodeState state, OwnCertificates own, NodeConfig config, TimeProvider time)
    : Contracts.V1.OperationsService.OperationsServiceBase
{
    public override async Task<NodeStatus> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        var report = await relay.Health.ReportAsync(context.CancellationToken);
        var problems = health.Problems(report);
        var status = new NodeStatus
        {
            Node = config.Node,
            OrganId = config.Organ,
            Version = NodeVersion.Text,
            TimeUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Healthy = problems.Count == 0,
            Preparing = report.Preparing,
            Held = report.Held,
            UnconfirmedIncoming = report.UnconfirmedIncoming,
            TrustAnchors = state.Trust.Anchors.Count,
            TrustId = state.Trust.Id,
            SampleTrust = state.Trust.Sample,
            EvidenceCount = report.EvidenceCount,
        };
        status.Problems.Add(problems.Select(problem => problem.ToText()));
        status.Destinations.Add(report.Destinations.Select(ToProto));
        status.Certificates.Add(own.All.Select(certificate => new CertificateStatus
        {
            Use = certificate.Use,
            Subject = certificate.Certificate.Subject.ToString(),
            NotAfterUnixMs = certificate.Certificate.NotAfter.ToUnixTimeMilliseconds(),
        }));
        status.Quotas.Add(report.Quotas.Select(use => new QuotaUse
        {
            OrganId = use.Organ,
            Kind = use.Kind.ToString(),
            Documents = use.Used.Documents,
            DocumentsLimit = use.Limit.Documents,
            Bytes = use.Used.Bytes,
            BytesLimit = use.Limit.Bytes,
        }));
        return status;
    }

    public override async Task<ListQuarantineResponse> ListQuarantine(ListQuarantineRequest request, ServerCallContext context)
    {
        var response = new ListQuarantineResponse();
        foreach (var message in await relay.Health.QuarantineAsync(Streams.PageSize(request.PageSize), context.CancellationToken))
            response.Messages.Add(new Contracts.V1.QuarantinedMessage
            {
                Id = message.Id,
                TimeUnixMs = message.Received.ToUnixTimeMilliseconds(),
                FromNode = message.Peer,
                Reason = message.Reason.ToText(),
                Size = message.Bytes.Length,
            });
        return response;
    }

    public override async Task<GetReconciliationResponse> GetReconciliation(GetReconciliationRequest request, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var response = new GetReconciliationResponse();
        response.Links.Add((await relay.Reconciliation.ListAsync(ct)).Select(peer => new ReconciledLink
        {
            Link = peer.Link, BackupUnixMs = peer.Backup.ToUnixTimeMilliseconds(), RestoredUnixMs = peer.Restored.ToUnixTimeMilliseconds(),
            State = peer.State.ToString(), Recovered = peer.Recovered, Error = peer.Error ?? "",
        }));
        response.Differences.Add((await relay.Reconciliation.DifferencesAsync(Streams.PageSize(request.PageSize), ct)).Select(difference => new Difference
        {
            Link = difference.Link, MessageId = difference.MessageId.ToString(), FromOrgan = difference.From, ToOrgan = difference.To,
            ReasonCode = difference.Reason.Code, Reason = difference.Reason.ToText(), TimeUnixMs = difference.Time.ToUnixTimeMilliseconds(),
        }));
        return response;
    }

    public override async Task<AcceptDifferenceResponse> AcceptDifference(AcceptDifferenceRequest request, ServerCallContext context) =>
        await relay.Reconciliation.AcceptAsync(request.Link, context.CancellationToken)
            ? new AcceptDifferenceResponse()
            : throw RelayException.Unknown(request.Link);

    private Destination ToProto(DestinationHealth destination) => new()
    {
        Name = destination.Name,
        Address = config.Links.FirstOrDefault(link => string.Equals(link.Name, destination.Name, StringComparison.Ordinal))?.Address ?? "",
        Waiting = destination.Waiting,
        OldestUnixMs = destination.Oldest.ToUnixOrZero(),
        Breaker = destination.Breaker,
        LastError = destination.LastError ?? "",
        ClockSkewMs = (long)destination.ClockSkew.TotalMilliseconds,
    };
}
