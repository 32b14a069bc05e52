using System.Globalization;
using VanBanDienTu.Axis.Organs;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Members;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>The directory, as systems ask for it.</summary>
internal sealed class AgencyLists(RelayNode relay)
{
    public Task AllAsync(VxpCall call) => ListAsync(call, relay.Directory.Members.Where(m => !m.Locked), synchronized: false);

    /// <summary>Units with a code of QĐ 20, at one level when it is given.</summary>
    public Task Qd20Async(VxpCall call)
    {
        var level = int.TryParse(call.Optional(VxpNames.Level), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return ListAsync(
            call,
            relay.Directory.Members.Where(m => !m.Locked && OrganId.TryParse(m.Organ, out var id) && id.Form == OrganIdForm.Qd20
                && (level == 0 || m.Organ.Count(c => c == '.') + 1 == level)),
            synchronized: false);
    }

    public Task SynchronizeAsync(VxpCall call) => ListAsync(call, relay.Directory.Members, synchronized: true);

    private static async Task ListAsync(VxpCall call, IEnumerable<Member> members, bool synchronized)
    {
        call.Http.Response.ContentType = "application/json; charset=utf-8";
        await VxpJson.WriteListAsync(
            call.Http.Response.Body, members.OrderBy(m => m.Organ, StringComparer.Ordinal).Select(ToVxp).ToAsyncEnumerable(),
            (json, agency) => VxpJson.Write(json, agency, synchronized), call.Aborted);
    }

    private static VxpAgency ToVxp(Member member)
    {
        var dot = member.Organ.LastIndexOf('.');
        return new VxpAgency(member.Organ, dot > 0 ? member.Organ[..dot] : null, member.Organ, member.Name ?? member.Organ, Deleted: member.Locked);
    }
}
