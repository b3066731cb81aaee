#!/bin/sh
# The runner: does one job's installs on a host, and goes on whatever becomes of the connection. Its argument is the job's
# folder. docs/runner.md is the contract. One file, because it is sent and started as one.
#
# The main process owns everything that others read: it alone numbers and writes events. Workers are subshells that do what
# takes time; they tell it short lines through a FIFO, and leave longer text in files. A ticker tells it the time.
#
# Whatever the plan says is data. It is quoted wherever it is used, and `eval` only ever sees node numbers.
#
# POSIX sh and awk; beside git, python and the engine it calls nothing that busybox lacks.
# shellcheck disable=SC2154 # Variables of nodes are set through `eval`.
# shellcheck disable=SC2317 # Workers are called by name.
# shellcheck disable=SC2034 # Not every variable of a record is used in every place that reads one.
set -uf
umask 077
user_locale=${LC_ALL-none}
LC_ALL=C
export LC_ALL

newline='
'
separator=$(printf '\037')
now=$(date +%s)
seq=0
size=0
failed=0
stopping='' torn='' cleaned='' has_turn='' helper='' ticker='' workers='' holder='' kinds='' nameless=0 turnless=0 boot=-
mode='' target='' venv='' jobs=4 stall=0 count=0
kind='' name='' folder='' url='' ref='' requirements='' answer='' path='' log=''
git_version='' python='' python_version='' engine='' engine_version='' free=-1

# --- Text -------------------------------------------------------------------------------------------------------------

# What the awk programs share: text in whatever bytes as the inside of a JSON string. Terminal sequences and control bytes
# are dropped, what is not UTF-8 is replaced.
# shellcheck disable=SC2016 # awk's own dollars.
json_functions='
function prepare(   i, c) {
    for (i = 1; i < 256; i++) { c = sprintf("%c", i); code[c] = i; plain[c] = i < 32 || i == 127 ? "" : c }
    plain["\t"] = "\\t"; plain["\n"] = "\\n"; plain["\""] = "\\\""; plain["\\"] = "\\\\"
}
function bare(s) {
    gsub(/\033\[[0-?]*[ -\/]*[@-~]/, "", s)
    gsub(/\033\][^\007\033]*(\007|\033\\)?/, "", s)
    gsub(/\033./, "", s)
    sub(/[ \t\001]+$/, "", s)
    return s
}
# How many bytes the character at i has; 0 if it is none.
function width(s, i,   a, b, n, j) {
    a = code[substr(s, i, 1)]
    n = a < 128 ? 1 : a < 194 ? 0 : a < 224 ? 2 : a < 240 ? 3 : a < 245 ? 4 : 0
    b = n > 1 ? code[substr(s, i + 1, 1)] : 0
    if ((a == 224 && b < 160) || (a == 237 && b > 159) || (a == 240 && b < 144) || (a == 244 && b > 143)) return 0
    for (j = 1; j < n; j++) { b = code[substr(s, i + j, 1)]; if (b < 128 || b > 191) return 0 }
    return n
}
# At most `limit` bytes of JSON: the first ones, or the last ones.
function escaped(s, limit, last,   n, i, k, w, c, unit, out) {
    for (i = 1; i <= length(s); i += w ? w : 1) {
        w = width(s, i); c = substr(s, i, w)
        unit[++n] = w == 0 ? "\\ufffd" : w == 1 ? plain[c] : c ~ /^\302[\200-\237]/ ? "" : c
    }
    if (last) { for (k = n; k > 0 && length(out) + length(unit[k]) <= limit; k--) out = unit[k] out }
    else for (k = 1; k <= n && length(out) + length(unit[k]) <= limit; k++) out = out unit[k]
    return out
}'

# All of a text; of a long one, what `last` says.
# shellcheck disable=SC2016 # awk's own dollars.
whole_text='
BEGIN { prepare() }
{ s = bare($0); text = NR == 1 ? s : text "\n" s }
END { print escaped(text, 2400, last) }'

# The pieces of a raw log, as `tr` left them, with a sentinel after the last byte. Prints how many bytes are used up, then the
# last `keep` pieces; of git's, only those that are its progress. What follows the last break is used only if there is no
# more to come.
# shellcheck disable=SC2016 # awk's own dollars.
pieces='
BEGIN { prepare() }
{ piece[NR] = $0 }
END {
    n = NR; piece[n] = substr(piece[n], 1, length(piece[n]) - 1)
    for (i = 1; i < n; i++) used += length(piece[i]) + 1
    if (final) used += length(piece[n]); else n--
    for (i = n; i > (cut ? 1 : 0) && found < keep; i--) {
        s = bare(piece[i])
        if (s != "" && (!progress || s ~ /^(remote: )?[A-Z][a-z]+( [a-z]+)*: +[0-9]+/)) kept[++found] = escaped(s, 1000, 0)
    }
    print used + 0
    for (; found > 0; found--) print kept[found]
}'

escape() { # 0: the first bytes of a long text, 1: its last ones
    tr '\000\r' '\001\n' | awk -v last="$1" "$json_functions$whole_text"
}

# Sets `quoted`: a string as JSON.
quote() {
    quoted="\"$1\""
    case $1 in
    *[!A-Za-z0-9\ ._/:@=,+%~\(\)-]*) quoted="\"$(printf '%s' "$1" | escape 0)\"" ;;
    *) [ ${#1} -lt 1000 ] || quoted="\"$(printf '%s' "$1" | escape 0)\"" ;;
    esac
}

# --- Processes --------------------------------------------------------------------------------------------------------

# Sets `since` and `session` of a process. False if there is none, or only its remains.
look_up() {
    since='' session=''
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    stat=${stat##*) }
    # shellcheck disable=SC2086 # Numbers, to be split.
    set -- $stat
    case $1 in Z | X) return 1 ;; esac
    session=$4
    shift 19
    since=$1
}

# Whether the process that such a file names still runs. Sets `identity`, empty if the file says nothing.
living() {
    identity=
    { read -r identity <"$1"; } 2>/dev/null || [ -n "$identity" ] || return 1
    its_id=${identity%% *} its_boot=${identity##* }
    case $its_id in '' | *[!0-9]*) return 1 ;; esac
    [ "$its_boot" = "$boot" ] && look_up "$its_id" && [ "$identity" = "$its_id $since $its_boot" ]
}

# How long the shortest sleep is: not every `sleep` takes fractions.
measure_sleep() {
    moment=1 pause=1 patience=1
    ! sleep 0.01 2>/dev/null || moment=0.1 pause=0.4 patience=10
}

# Ticks until the main process is gone, and then ends what it left. A tick that was not heard yet is not repeated.
tick() {
    trap '' TERM
    beat=0 heard=0
    # Without the job's folder nobody can ever learn what is done.
    while look_up "$$" && [ "$since" = "$main_since" ] && [ -d "$job/lock" ]; do
        { read -r heard <"$job/work/heard"; } 2>/dev/null
        if [ "${heard:-$beat}" = "$beat" ]; then
            beat=$((beat + 1))
            say tick "$beat" "$(date +%s)"
        fi
        sleep "$pause"
    done
    signal_group TERM
    sleep 1
    signal_group KILL
}

# The one way to write it that dash, busybox and bash all understand.
signal_group() { kill "-$1" "-$$" 2>/dev/null; }

# A worker tells the main process something: words, less than 512 bytes, so that lines never mix.
say() { printf '%s\n' "$*" >&3; }

# Starts a worker. It outlives TERM until the program it waits for has ended.
work() {
    (
        trap 'exit 143' TERM
        umask 022
        "$@"
    ) &
    newest=$!
    workers="$workers $newest"
}

renew_heartbeat() { { printf '%s\n' "$now" 1<>"$job/heartbeat"; } 2>/dev/null; }

# Processes of this session but this one and the ticker.
others() {
    set +f
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v main="$$" -v ticker="$ticker" '
        { id = $1; sub(/.*\) /, ""); if ($1 != "Z" && $4 == main && id != main && id != ticker) print id }'
    set -f
}

# Ends the workers and all they started, within about a second.
end_workers() {
    trap '' TERM
    look_up "$$"
    own_session=$session
    [ "$own_session" != "$$" ] || signal_group TERM
    rounds=$patience
    for worker in $workers; do
        kill -s TERM "$worker" 2>/dev/null
        while look_up "$worker" && [ "$rounds" -gt 0 ]; do
            rounds=$((rounds - 1))
            sleep "$moment"
        done
    done
    if [ "$own_session" = "$$" ]; then remaining=$(others); else remaining=$workers; fi
    # shellcheck disable=SC2086 # Process ids, to be split.
    [ -z "$remaining" ] || kill -s KILL $remaining 2>/dev/null
    workers=
}

# --- Events -----------------------------------------------------------------------------------------------------------

# Writes an event: its type, and its other fields as JSON, each with a comma before it. It is never lost, and nothing comes
# before it: on a full disk this waits.
event() {
    seq=$((seq + 1))
    line="{\"seq\":$seq,\"at\":$now,\"type\":\"$1\"$2}"
    { printf '%s\n' "$line" >>"$job/events.ndjson"; } 2>/dev/null || torn=1
    while [ -n "$torn" ] && ! mend; do wait_for_room; done
    size=$((size + ${#line} + 1))
}

# Writes what is missing of the line: a full disk may have taken a part of it.
mend() {
    written=$(wc -c <"$job/events.ndjson" 2>/dev/null) || written=$size
    missing=$((written - size + 1))
    { printf '%s\n' "$line" | tail -c "+$missing" >>"$job/events.ndjson"; } 2>/dev/null || return 1
    torn=
}

wait_for_room() {
    sleep "$moment"
    now=$(date +%s)
    renew_heartbeat
    [ -z "$stopping" ] || clean_up
}

refuse() { # code, text
    quote "$2"
    event refused ",\"code\":\"$1\",\"text\":$quoted"
    finish failed
}

phase_event() { # node, phase, state, and more fields
    event phase ",\"node\":$1,\"phase\":\"$2\",\"state\":\"$3\"$4"
}

# --- The plan ---------------------------------------------------------------------------------------------------------

# Prints what is wrong with a plan, if anything.
# shellcheck disable=SC2016 # awk's own dollars.
plan_check='
function damaged(why) { if (!found) print "line " NR ": " why; found = 1 }
function number(s) { return s ~ /^[0-9]+$/ && length(s) < 7 }
function fields(n) { if (NF != n) damaged("it has " NF " fields, not " n) }
function path(s,   part, n, i) {
    n = split(s, part, "/")
    if (s == "") return 0
    for (i = 1; i <= n; i++) if (part[i] == "" || part[i] == "." || part[i] == ".." || tolower(part[i]) == ".git") return 0
    return 1
}
NR == 1 { if ($0 != "labwright-plan\0371") damaged("this is no plan of version 1"); next }
$1 == "mode" { fields(2); if ($2 !~ /^(install|verify|repair|examine)$/) damaged("unknown mode"); mode++; next }
$1 == "target" { fields(2); if ($2 != "" && $2 !~ /^(\/|~\/)/) damaged("the target is not absolute"); target = $2; next }
$1 == "venv" { fields(2); if ($2 != "" && $2 !~ /^(\/|~\/)/) damaged("the environment is not absolute"); next }
$1 == "jobs" { fields(2); if (!number($2) || $2 < 1) damaged("the number of jobs is none"); next }
$1 == "stall" { fields(2); if (!number($2)) damaged("the stall time is none"); next }
$1 == "node" {
    fields(9)
    if ($2 != ++nodes "") damaged("the node is not number " nodes)
    if ($3 !~ /^(git|packages|image)$/) damaged("unknown kind of node")
    if ($3 != "packages" && ($6 == "" || $6 ~ /^-/)) damaged("the address cannot be used")
    if ($7 ~ /^-/) damaged("the reference cannot be used")
    if ($8 != "" && !path($8)) damaged("the requirements file cannot be used")
    if ($9 != "" && $9 != "replace") damaged("unknown answer")
    if ($3 != "git") next
    git = 1
    if (!path($5) || $5 ~ /\.partial(\/|$)/) damaged("the folder cannot be used")
    if ($5 in folders) damaged("the folder is that of another node")
    folders[$5] = 1
    next
}
$1 == "package" {
    fields(3)
    if (!number($2) || $2 < 1) damaged("the node is none")
    if ($3 == "" || $3 ~ /^[ \t]*-/) damaged("the requirement cannot be used")
    if ($2 + 0 > highest) highest = $2 + 0
    next
}
{ damaged("unknown record") }
END {
    if (!found && mode != 1) damaged("there is no mode")
    if (!found && git && target == "") damaged("there is no target")
    if (!found && highest > nodes) damaged("a package belongs to no node")
}'

# Sets `wrong`, and the variables that the plan describes.
read_plan() {
    wrong='there is no plan'
    [ -f "$job/plan" ] || return
    wrong='it contains a NUL, or is cut'
    [ "$(tr -dc '\000' <"$job/plan" | wc -c)" -eq 0 ] && [ -z "$(tail -c 1 "$job/plan")" ] || return
    wrong=$(awk -F '\037' "$plan_check" "$job/plan" 2>&1)
    [ -z "$wrong" ] || return
    while IFS=$separator read -r record first second third fourth fifth sixth seventh eighth; do
        take_record
    done <"$job/plan"
    case $target in [~]/*) target=${HOME-}/${target#??} ;; esac
    case $venv in [~]/*) venv=${HOME-}/${venv#??} ;; esac
    while [ "$target" != "${target%/}" ]; do target=${target%/}; done
}

take_record() {
    case $record in
    mode) mode=$first ;;
    target) target=$first ;;
    venv) venv=$first ;;
    jobs) jobs=$first ;;
    stall) stall=$first ;;
    package)
        eval "packages_$first=yes"
        printf '%s\n' "$second" >>"$job/work/$first.packages"
        ;;
    node)
        count=$first
        eval "kind_$count=\$second name_$count=\$third folder_$count=\$fourth url_$count=\$fifth ref_$count=\$sixth"
        eval "requirements_$count=\$seventh answer_$count=\$eighth state_$count=waiting outcome_$count= offset_$count=0"
        eval "shown_$count= failure_$count= commit_$count= parent_$count= packages_$count=\${packages_$count-} misses_$count=0"
        eval "process_$count= phase_$count= begin_$count=0"
        case " $kinds " in *" $second "*) ;; *) kinds="$kinds $second" ;; esac
        ;;
    esac
}

# Whether the plan has a node of this kind.
has() { case " $kinds " in *" $1 "*) ;; *) return 1 ;; esac; }

# Sets the variables of one node.
choose() {
    n=$1
    eval "kind=\$kind_$n name=\$name_$n folder=\$folder_$n url=\$url_$n ref=\$ref_$n requirements=\$requirements_$n"
    eval "answer=\$answer_$n parent=\$parent_$n packages=\$packages_$n"
    path=$target/$folder
    log=$job/nodes/$n.log
    text=$job/work/$n.text
}

# Finds the nearest node that each node stands inside.
find_parents() {
    child=0
    while [ "$child" -lt "$count" ]; do
        child=$((child + 1))
        eval "kind=\$kind_$child rest=\$folder_$child"
        [ "$kind" = git ] || continue
        while [ "$rest" != "${rest%/*}" ]; do
            rest=${rest%/*}
            other=0
            while [ "$other" -lt "$count" ]; do
                other=$((other + 1))
                eval "kind=\$kind_$other folder=\$folder_$other"
                if [ "$kind" = git ] && [ "$folder" = "$rest" ]; then
                    eval "parent_$child=$other"
                    break 2
                fi
            done
        done
    done
}

# --- The host ---------------------------------------------------------------------------------------------------------

# Removes job folders that nothing has touched for a day and nobody works in.
sweep() {
    set +f
    for old in "$root"/jobs/*/; do
        old=${old%/}
        if [ ! -d "$old" ] || [ -L "$old" ] || [ "$old" = "$job" ]; then continue; fi
        [ -z "$(find "$old" "$old"/* -prune ! -mtime +0 2>/dev/null)" ] || continue
        { [ ! -f "$old/exit" ] && living "$old/pid"; } || rm -rf -- "$old"
    done
    set -f
}

# Tries to take the turn of this host. If it is held, sets `holder`.
take_turn() {
    if mkdir -- "$turn" 2>/dev/null; then
        printf '%s\n' "$id" >"$turn/job"
        printf '%s\n' "$self" >"$turn/pid"
        has_turn=yes
        return 0
    fi
    if [ ! -d "$turn" ]; then
        # Another one may have had it, and left it just now.
        nameless=0 turnless=$((turnless + 1))
        [ "$turnless" -lt 10 ] || refuse home_not_writable "The folder $turn cannot be made."
        return 1
    fi
    turnless=0
    if living "$turn/pid"; then
        nameless=0
        { read -r holder <"$turn/job"; } 2>/dev/null
    else
        if [ -n "$identity" ]; then nameless=0; else nameless=$((nameless + 1)); fi
        # One that has just been made has no name yet.
        if [ -n "$identity" ] || [ "$nameless" -ge 15 ]; then clear_turn; fi
    fi
    return 1
}

# Takes the turn from a dead runner. Two may find it dead at once: a folder with the dead one's name decides who removes it,
# and since nobody else may, it is still the dead one's if it was so after that folder was made.
clear_turn() {
    dead=$identity
    claim=$root/claim.$(printf '%s' "$dead" | tr -c '0-9a-f-' _)
    if ! mkdir -- "$claim" 2>/dev/null; then
        find "$claim" -prune -mmin +1 -exec rm -rf -- {} + 2>/dev/null
        return
    fi
    if ! living "$turn/pid" && [ "$identity" = "$dead" ]; then mv -- "$turn" "$claim/turn"; fi
    rm -rf -- "$claim"
}

leave_turn() {
    [ -n "$has_turn" ] || return
    has_turn=
    mv -- "$turn" "$job/work/turn" 2>/dev/null || rm -rf -- "$turn"
}

wait_for_turn() {
    announced=
    until [ -n "$stopping" ] || take_turn; do
        if [ -n "$holder" ] && [ "$holder" != "$announced" ]; then
            announced=$holder
            quote "$holder"
            event waiting ",\"job\":$quoted"
        fi
        hear
    done
}

# A worker: looks at the host. It may take long, for an engine that does not answer or a slow disk.
survey() {
    place=$target
    [ -d "$place" ] || place=$job
    free=$(df -Pk "$place" 2>/dev/null | awk 'NR == 2 && $4 ~ /^[0-9]+$/ { print $4 }')
    git_version=$(git --version 2>/dev/null)
    find_python
    ! has image || find_engine
    {
        printf '%s\n' "${free:--1}" "${git_version#git version }" "$python" "$python_version" "$venv"
        printf '%s\n' "$engine" "$engine_version"
    } >"$job/work/survey"
    say answered
}

find_python() {
    if [ -n "$venv" ]; then
        first_python "$venv/bin/python" "$venv/bin/python3"
        return
    fi
    for venv in "$target/venv" "$target/.venv" "${target%/*}/venv" "${target%/*}/.venv"; do
        if [ -n "$target" ] && first_python "$venv/bin/python"; then return; fi
    done
    venv=
    first_python python3
}

first_python() {
    for python; do
        python_version=$("$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) && return
    done
    python='' python_version=''
    return 1
}

find_engine() {
    for engine in docker podman; do
        case $engine in docker) format='{{.ServerVersion}}' ;; *) format='{{.Version.Version}}' ;; esac
        engine_version=$("$engine" info --format "$format" 2>/dev/null) && [ -n "$engine_version" ] && return
    done
    engine='' engine_version=''
}

prepare() {
    named_venv=$venv
    consult survey || return
    {
        read -r free && read -r git_version && read -r python && read -r python_version && read -r venv
        read -r engine && read -r engine_version
    } 2>/dev/null <"$job/work/survey" || refuse disk_full 'The folder of the job cannot be written.'
    quote "$target"
    fields=",\"target\":$quoted"
    quote "$git_version"
    fields="$fields,\"git\":$quoted"
    quote "$python_version"
    fields="$fields,\"python\":$quoted"
    quote "${engine:+$engine $engine_version}"
    event prepared "$fields,\"engine\":$quoted,\"free\":$free"
    judge_host
}

# Refuses what cannot be done at all.
judge_host() {
    if has git; then
        [ -n "$git_version" ] || refuse no_git 'There is no git on this host.'
        [ -d "$target" ] || refuse no_target "There is no folder $target."
    fi
    if [ -z "$python" ] && { has git || has packages; }; then
        [ -z "$named_venv" ] || refuse no_venv "There is no Python environment in $named_venv."
        if [ "$mode" != install ] || ! has git && ! has image; then refuse no_python 'There is no Python on this host.'; fi
    fi
    if has image && [ -z "$engine" ]; then refuse no_engine 'Neither Docker nor Podman answers on this host.'; fi
    [ "$mode" != verify ] && has git || return
    [ -w "$target" ] || refuse target_not_writable "The folder $target cannot be written."
    if [ "$free" -ge 0 ] && [ "$free" -lt 1024 ]; then refuse disk_full "There is no room in $target."; fi
}

# --- Git --------------------------------------------------------------------------------------------------------------

set_git_environment() {
    unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR
    unset GIT_NAMESPACE GIT_CONFIG GIT_CONFIG_PARAMETERS GIT_CONFIG_COUNT GIT_PREFIX GIT_TEMPLATE_DIR GIT_TRACE
    GIT_SSH_COMMAND="${GIT_SSH_COMMAND:-$(git config --get core.sshCommand 2>/dev/null || printf ssh)} -o BatchMode=yes"
    GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=true SSH_ASKPASS=true GIT_PAGER=cat GIT_OPTIONAL_LOCKS=0
    export GIT_SSH_COMMAND GIT_TERMINAL_PROMPT GIT_ASKPASS SSH_ASKPASS GIT_PAGER GIT_OPTIONAL_LOCKS
}

# git on the network. A submodule may name a local repository only where the node itself is one.
transfer() {
    case $url in
    file://* | /* | ./* | ../*) GIT_ALLOW_PROTOCOL=file:git:http:https:ssh ;;
    *) GIT_ALLOW_PROTOCOL=git:http:https:ssh ;;
    esac
    export GIT_ALLOW_PROTOCOL
    git -c safe.directory='*' -c http.lowSpeedLimit=1 -c http.lowSpeedTime="$stall" "$@" >>"$log" 2>&1 3>&-
}

# git in the repository `tree`, and no other: neither in one above it, nor only in one of this user's.
here() { GIT_DIR=$tree/.git GIT_WORK_TREE=$tree git -c core.fsmonitor=false "$@"; }

commit_of() { here rev-parse -q --verify "$1^{commit}" 2>/dev/null; }

is_hexadecimal() { case $1 in *[!0-9a-fA-F]*) return 1 ;; esac; }

is_hash() { { [ ${#1} -eq 40 ] || [ ${#1} -eq 64 ]; } && is_hexadecimal "$1"; }

is_abbreviation() { [ ${#1} -ge 4 ] && [ ${#1} -lt 64 ] && is_hexadecimal "$1"; }

# Prints the commit that the pin names as far as this repository knows; of a branch, where it last saw it.
pinned() {
    git check-ref-format "refs/heads/$ref" || return
    if is_hash "$ref"; then
        commit_of "$ref"
        return
    fi
    commit_of "refs/tags/$ref" || commit_of "refs/remotes/origin/$ref" || { is_abbreviation "$ref" && commit_of "$ref"; }
}

# Whether what is checked out is the pin for certain, with no question to the remote.
stands_at_pin() {
    [ -n "$ref" ] || return 0
    ! may_move && [ "$(pinned)" = "$head" ]
}

# Whether the pin is a branch here: what it is now, only the remote knows.
may_move() {
    ! is_hash "$ref" && ! commit_of "refs/tags/$ref" >/dev/null && commit_of "refs/remotes/origin/$ref" >/dev/null
}

# Two addresses are the same if they differ only in their ends and in the case of the host.
same_remote() {
    [ "$(printf '%s' "$1" | plain_address)" = "$(printf '%s' "$2" | plain_address)" ]
}

plain_address() {
    awk '{
        sub(/\/+$/, ""); sub(/\.git$/, ""); sub(/\/+$/, "")
        start = match($0, /^[A-Za-z][A-Za-z0-9+.-]*:\/\//) ? RLENGTH : 0
        rest = substr($0, start + 1)
        end = start ? match(rest, /\/|$/) : match(rest, /^[^\/:]+:/) ? RLENGTH : 1
        host = substr(rest, 1, end - 1); user = ""
        if (match(host, /.*@/)) { user = substr(host, 1, RLENGTH); host = substr(host, RLENGTH + 1) }
        print tolower(substr($0, 1, start)) user tolower(host) substr(rest, end)
    }'
}

# Prints what was changed in a node: neither what Python or an install script made, nor what belongs to other nodes.
changes() {
    inside=
    other=0
    while [ "$other" -lt "$count" ]; do
        other=$((other + 1))
        eval "below=\$folder_$other other_kind=\$kind_$other"
        case $other_kind$below in "git$folder/"*) inside="$inside${below#"$folder/"}$newline" ;; esac
    done
    made=$tree/.git/labwright-made
    [ -f "$made" ] || made=/dev/null
    here status --porcelain=v1 -z --no-renames --untracked-files=all --ignore-submodules=untracked \
        >"$job/work/$n.status" 2>>"$log" || return
    tr '\n\000' '\001\n' <"$job/work/$n.status" | inside=$inside awk '
        BEGIN { n = split(ENVIRON["inside"], folder, "\n") - 1 }
        known { made[$0] = 1; next }
        {
            file = substr($0, 4); fresh = substr($0, 1, 2) == "??"
            for (i = 1; i <= n; i++) if (index(file "/", folder[i] "/") == 1) next
            if (fresh && file ~ /\/$|\.pyc$|(^|\/)__pycache__\/|(^|\/)[^\/]*\.partial\//) next
            if (!($0 in made)) print
        }' known=1 "$made" known=0 -
}

# Remembers what pip and the node's own script changed, so that it is not taken for the user's work.
remember_changes() {
    tree=$path
    changes >"$job/work/$n.changes"
    if [ -d "$path/.git" ] && [ -s "$job/work/$n.changes" ]; then
        cat "$job/work/$n.changes" >>"$path/.git/labwright-made"
    fi
}

# Sets `found`: what stands where a node belongs.
examine() {
    found=nothing head='' tree=$path
    [ -e "$path" ] || [ -L "$path" ] || return
    found=not_a_repository
    [ -d "$path" ] || return
    entries=$(ls -A "$path")
    [ -n "$entries" ] || { found=empty && return; }
    [ -e "$path/.git" ] || return
    found=husk
    [ "$entries" != .git ] && head=$(commit_of HEAD) || return
    found=other_remote
    remote=$(here config --get remote.origin.url)
    same_remote "$remote" "$url" || { printf '%s' "${remote:-It has no remote.}" >"$text" && return; }
    found=local_changes
    changes >"$job/work/$n.changes" || { found=husk && return; }
    [ ! -s "$job/work/$n.changes" ] || { head -n 10 "$job/work/$n.changes" >"$text" && return; }
    found=same
}

# A worker: brings one git node to where it should be.
fetch_git() {
    say phase "$n" examine started
    examine
    case $found in
    same | nothing | empty) ;;
    *)
        if [ "$answer" != replace ]; then
            say phase "$n" examine failed "$found"
            say fetched "$n" failed
            return
        fi
        rm -f -- "$text"
        ;;
    esac
    say phase "$n" examine succeeded - "${head:--}"
    if [ "$found" = same ] && stands_at_pin; then
        say phase "$n" clone skipped - "$head"
        say fetched "$n" present "$head"
        return
    fi
    say phase "$n" clone started
    code=clone_failed
    if [ "$found" = same ]; then update; else clone; fi
    if [ -z "$code" ]; then
        say phase "$n" clone succeeded - "$head"
        say fetched "$n" "$outcome" "$head"
    else
        ! ran_out_of_room || code=disk_full
        say phase "$n" clone failed "$code"
        say fetched "$n" failed
    fi
}

clone() {
    tree=$path.partial
    outcome=installed
    clone_partial || { [ -n "$code" ] || code=clone_failed; }
    [ -n "$code" ] || move_in || code=folder_not_writable
    [ -z "$code" ] || remove_partial
}

clone_partial() {
    code=folder_not_writable
    make_parents >>"$log" 2>&1 && rm -rf -- "$tree" 2>>"$log" || return
    code=clone_failed
    transfer clone --recursive --progress -- "$url" "$tree" || return
    # An empty repository is cloned without an error.
    head=$(commit_of HEAD) || { [ -n "$ref" ] || { printf '%s' 'The repository has no commit.' >"$text" && return 1; }; }
    reach_pin || return
    code=
}

# Makes the folders above a node; remembers the first one that was missing.
make_parents() {
    above=${path%/*} missing=
    while [ ! -d "$above" ]; do
        missing=$above above=${above%/*}
    done
    [ -z "$missing" ] || printf '%s\n' "$missing" >"$job/work/$n.parents"
    mkdir -p -- "${path%/*}"
}

# Puts the whole clone in its place, and what stood there aside. Not to be stopped half way.
move_in() (
    trap '' TERM
    case $found in
    nothing) ;;
    empty) if [ -L "$path" ]; then rm -- "$path"; else rmdir -- "$path"; fi ;;
    *) mkdir -p -- "$job/replaced/$n" && mv -- "$path" "$job/replaced/$n/" ;;
    esac >>"$log" 2>&1 || return 1
    mv -- "$path.partial" "$path" >>"$log" 2>&1
)

remove_partial() {
    rm -rf -- "$path.partial"
    { read -r missing <"$job/work/$n.parents"; } 2>/dev/null || return 0
    above=${path%/*}
    while [ "${above#"$missing"}" != "$above" ] && rmdir -- "$above" 2>/dev/null; do above=${above%/*}; done
}

# Checks the pin out in `tree`; sets `code` if it cannot.
reach_pin() {
    [ -n "$ref" ] || return 0
    code=pin_not_found
    git check-ref-format "refs/heads/$ref" || return
    wanted=$(pinned) || fetch_pin || return
    code=clone_failed
    if [ "$wanted" != "$head" ]; then check_out || return; fi
    code=pin_differs
    head=$(commit_of HEAD)
    [ "$head" = "$wanted" ]
}

# Asks the remote for the pin. Sets `wanted`.
fetch_pin() {
    transfer -C "$tree" fetch --progress -- origin "$ref" || {
        code=clone_failed
        if tail -c 4096 "$log" | grep -q -e "find remote ref" -e "not our ref" -e "unadvertised object"; then
            code=pin_not_found
        fi
        return 1
    }
    wanted=$(commit_of FETCH_HEAD)
}

check_out() {
    if [ "$tree" != "$path" ] && ! is_hash "$ref" && [ "$(commit_of "refs/remotes/origin/$ref")" = "$wanted" ]; then
        here checkout --progress -B "$ref" "refs/remotes/origin/$ref" >>"$log" 2>&1 || return
    else
        here checkout --progress --detach "$wanted" >>"$log" 2>&1 || return
    fi
    [ -f "$tree/.gitmodules" ] || return 0
    transfer -C "$tree" submodule sync --recursive && transfer -C "$tree" submodule update --init --recursive --progress
}

# Brings an existing folder to the pin. A branch is asked for, since it moves.
update() {
    outcome=updated before=$head code=pin_not_found
    git check-ref-format "refs/heads/$ref" || return
    if may_move; then wanted=; else wanted=$(pinned); fi
    if [ -z "$wanted" ] && ! fetch_pin; then
        # Not every server gives a commit by its hash, and none by a part of it: then everything is fetched.
        { is_abbreviation "$ref" && transfer -C "$tree" fetch --progress --tags -- origin && wanted=$(pinned); } || return
    fi
    code=clone_failed
    if [ "$wanted" != "$head" ]; then check_out || return; fi
    head=$(commit_of HEAD)
    [ "$head" != "$before" ] || outcome=present
    code=pin_differs
    [ "$head" != "$wanted" ] || code=
}

ran_out_of_room() { tail -c 8192 "$log" 2>/dev/null | grep -q 'No space left on device'; }

# --- Images -----------------------------------------------------------------------------------------------------------

image_id() { "$engine" image inspect --format '{{.Id}}' "$url" 2>/dev/null; }

# A worker: has the engine pull one image.
fetch_image() {
    say phase "$n" examine started
    before=$(image_id)
    say phase "$n" examine succeeded
    say phase "$n" pull started
    if "$engine" pull "$url" >>"$log" 2>&1 3>&- && after=$(image_id); then
        say phase "$n" pull succeeded
        case $before in '') outcome=installed ;; "$after") outcome=present ;; *) outcome=updated ;; esac
        say fetched "$n" "$outcome"
        return
    fi
    code=pull_failed
    ! ran_out_of_room || code=disk_full
    say phase "$n" pull failed "$code"
    say fetched "$n" failed
}

# --- Python -----------------------------------------------------------------------------------------------------------

# Runs the environment's Python in the user's own locale. Only in a worker's subshell.
run_python() {
    case $user_locale in none) unset LC_ALL ;; *) LC_ALL=$user_locale ;; esac
    PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_PROGRESS_BAR=off PIP_ROOT_USER_ACTION=ignore
    PYTHONUNBUFFERED=1 PYTHONIOENCODING=utf-8
    export PIP_DISABLE_PIP_VERSION_CHECK PIP_NO_INPUT PIP_PROGRESS_BAR PIP_ROOT_USER_ACTION PYTHONUNBUFFERED PYTHONIOENCODING
    if [ -n "$venv" ]; then
        VIRTUAL_ENV=$venv PATH=$venv/bin:$PATH
        export VIRTUAL_ENV PATH
        unset PYTHONHOME
    fi
    exec "$python" "$@" 3>&-
}

# A worker: requirements and install script of one node that is there.
equip() {
    code='' outcome=present
    if [ "$kind" = packages ]; then say phase "$n" examine skipped; else cd -- "$path" || return; fi
    install_requirements && { [ "$kind" = packages ] || run_script; }
    [ "$kind" = packages ] || remember_changes
    if [ -z "$code" ]; then say equipped "$n" "$outcome"; else say equipped "$n" failed; fi
}

# Sets `file`: the node's requirements, relative to its folder. False if one that is named is missing.
find_requirements() {
    file=
    [ "$kind" = git ] || return 0
    [ ! -f "$path/${requirements:-requirements.txt}" ] || file=${requirements:-requirements.txt}
    [ -n "$file" ] || [ -z "$requirements" ]
}

install_requirements() {
    if ! find_requirements; then
        printf 'The repository has no file %s.' "$requirements" >"$text"
        fail_phase requirements requirements_missing
        return 1
    fi
    set --
    [ -z "$file" ] || set -- "$@" -r "./$file"
    [ -z "$packages" ] || set -- "$@" -r "$job/work/$n.packages"
    if [ $# -eq 0 ]; then
        say phase "$n" requirements skipped
        return
    fi
    say phase "$n" requirements started
    [ -n "$python" ] || { fail_phase requirements no_python; return 1; }
    start=$(wc -c <"$log")
    if ! (run_python -m pip install "$@") >>"$log" 2>&1; then fail_phase requirements pip_failed; return 1; fi
    ! tail -c "+$((start + 1))" "$log" | grep -q '^Successfully installed' || outcome=installed
    say phase "$n" requirements succeeded
}

run_script() {
    if [ ! -f "$path/install.py" ]; then
        say phase "$n" script skipped
        return
    fi
    say phase "$n" script started
    [ -n "$python" ] || { fail_phase script no_python; return 1; }
    (run_python install.py) >>"$log" 2>&1 || { fail_phase script script_failed; return 1; }
    say phase "$n" script succeeded
}

fail_phase() { # phase, code
    code=$2
    if [ "$code" = no_python ]; then printf 'There is no Python on this host.' >"$text"; else
        ! ran_out_of_room || code=disk_full
    fi
    say phase "$n" "$1" failed "$code"
}

# --- Verification -----------------------------------------------------------------------------------------------------

# A worker: compares what is there with what was wanted. Leaves one event a line, without its number and time.
verify() {
    PYTHONDONTWRITEBYTECODE=1
    export PYTHONDONTWRITEBYTECODE
    : >"$job/work/found" && : >"$job/work/verify"
    for node in $verified; do
        choose "$node"
        verify_head >>"$job/work/found"
        list_requirements >>"$job/work/verify"
    done
    if [ -n "$python" ]; then (run_python "$job/verify.py" "$job/work/verify") >>"$job/work/found" 2>>"$job/work/complaints"; fi
    case $(tail -n 1 "$job/work/found") in 'checked '*) ;; *) admit_ignorance >>"$job/work/found" ;; esac
    say answered
}

# Prints the event `head` of a node.
verify_head() {
    here_now='' state=missing detail=
    case $kind in
    packages) return ;;
    image)
        # shellcheck disable=SC2015 # A reference without an image is as missing.
        here_now=$(image_id) && state=not_pinned
        case $state$url in not_pinned*@sha256:*) state=as_pinned ;; esac
        ;;
    git) judge_head ;;
    esac
    quote "$detail"
    printf 'head ,"node":%s,"state":"%s","found":"%s","text":%s\n' "$n" "$state" "$here_now" "$quoted"
}

judge_head() {
    examine
    [ "$found" != nothing ] && [ "$found" != empty ] || return
    state=unknown here_now=$head
    case $found in
    not_a_repository | husk) detail='It is no repository with a commit.' ;;
    other_remote | local_changes) { read -r detail <"$text"; } 2>/dev/null ;;
    esac
    rm -f -- "$text"
    [ -n "$head" ] || return
    if [ "$found" = other_remote ]; then state=other; return; fi
    if [ -z "$ref" ]; then state=not_pinned; return; fi
    wanted=$(pinned)
    if [ "$wanted" = "$head" ]; then state=as_pinned; elif [ -n "$wanted" ] || is_hash "$ref"; then state=other; fi
}

# Prints where a node's requirements stand, for verify.py.
list_requirements() {
    [ "$kind" != image ] || return
    if ! find_requirements || [ -n "$file" ]; then
        printf 'file\037%s\037%s\n' "$n" "$path/${file:-$requirements}"
    fi
    [ -z "$packages" ] || printf 'file\037%s\037%s\n' "$n" "$job/work/$n.packages"
}

# Without a Python that answers nothing is known of any requirement.
admit_ignorance() {
    while IFS=$separator read -r record number file; do
        quote "${file##*/}"
        printf 'finding ,"node":%s,"requirement":%s,"state":"unknown","found":"","text":"%s"\n' "$number" "$quoted" \
            'No Python could compare it.'
    done <"$job/work/verify"
    printf 'checked ,"conflicts":"unknown"\n'
}

# A worker: tells what stands where each git node would go, in the same way.
examine_each() {
    current=0
    while [ "$current" -lt "$count" ]; do
        current=$((current + 1))
        choose "$current"
        [ "$kind" = git ] || continue
        examine
        case $found in
        empty) found=nothing ;;
        same) stands_at_pin || found=other_commit ;;
        esac
        case $found in nothing | not_a_repository) ;; *) [ -n "$git_version" ] || found=unknown ;; esac
        detail=
        { read -r detail <"$text"; } 2>/dev/null
        rm -f -- "$text"
        quote "$detail"
        printf 'standing ,"node":%s,"found":"%s","commit":"%s","text":%s\n' "$n" "$found" "$head" "$quoted"
    done >"$job/work/found"
    say answered
}

examine_all() {
    git_version=$(git --version 2>/dev/null)
    consult examine_each || return
    while IFS= read -r finding; do event "${finding%% *}" "${finding#* }"; done <"$job/work/found"
}

install_and_verify() {
    work sweep
    wait_for_turn
    [ -n "$stopping" ] || prepare
    [ -n "$stopping" ] || [ "$mode" = verify ] || install_all
    [ -n "$stopping" ] || verify_all
}

verify_all() {
    verified='' current=0
    while [ "$current" -lt "$count" ]; do
        current=$((current + 1))
        eval "outcome=\$outcome_$current"
        if [ "$outcome" = failed ]; then phase_event "$current" verify skipped ''; continue; fi
        verified="$verified $current"
        phase_event "$current" verify started ''
    done
    consult verify || return
    while IFS= read -r finding; do event "${finding%% *}" "${finding#* }"; done <"$job/work/found"
    for current in $verified; do phase_event "$current" verify succeeded ''; done
}

# --- The main process -------------------------------------------------------------------------------------------------

# Hears one line, of the ticker or a worker. A signal ends the wait.
hear() {
    word=
    IFS=' ' read -r word first second third fourth fifth <&3 || return
    case $word in
    tick)
        number=$first now=${second:-$now}
        renew_heartbeat
        show_output
        look_after_workers
        # Only now may the next one come: what a worker said that was just seen dead stands before it.
        printf '%s\n' "$number" >"$job/work/heard"
        ;;
    phase) hear_phase "$first" "$second" "$third" "${fourth:--}" "${fifth:--}" ;;
    fetched) hear_fetched "$first" "$second" "${third:-}" ;;
    equipped) hear_equipped "$first" "$second" ;;
    answered) helper= ;;
    esac
}

hear_phase() { # node, phase, state, code, commit
    more=
    [ "$3" = started ] || finish_output "$1"
    if [ "$3" = failed ]; then
        explain "$1"
        more=",\"code\":\"$4\",\"text\":$quoted"
        eval "failure_$1=\$more"
    fi
    [ "$5" = - ] || more="$more,\"commit\":\"$5\""
    phase_event "$1" "$2" "$3" "$more"
    if [ "$3" = started ]; then eval "phase_$1=$2 begin_$1=\$offset_$1"; else eval "phase_$1="; fi
}

# Sets `quoted`: what a worker left about a failure, or the last lines that were printed.
explain() {
    if [ -s "$job/work/$1.text" ]; then quoted=$(head -c 4096 "$job/work/$1.text" | escape 0); else
        eval "begin=\$begin_$1"
        quoted=$(tail -c "+$((begin + 1))" "$job/nodes/$1.log" 2>/dev/null | tail -c 4096 | tr '\r' '\n' |
            grep -v '% (' | tail -n 12 | escape 1)
    fi
    quoted="\"$quoted\""
}

hear_fetched() { # node, outcome, commit
    reap "$1"
    fetching=$((fetching - 1))
    [ -z "$3" ] || eval "commit_$1=$3"
    eval "outcome_$1=$2"
    eval "kind=\$kind_$1"
    if [ "$2" = failed ] || [ "$kind" = image ]; then finish_node "$1"; else eval "state_$1=fetched"; fi
}

hear_equipped() { # node, outcome
    reap "$1"
    equipping=
    eval "outcome=\$outcome_$1"
    if [ -z "$outcome" ] || [ "$2" = failed ]; then eval "outcome_$1=$2"; fi
    finish_node "$1"
}

finish_node() {
    eval "outcome=\$outcome_$1 failure=\$failure_$1 commit=\$commit_$1 state_$1=done"
    unfinished=$((unfinished - 1))
    [ "$outcome" = failed ] || failure=
    [ "$outcome" != failed ] || failed=$((failed + 1))
    [ -z "$commit" ] || failure="$failure,\"commit\":\"$commit\""
    event node ",\"node\":$1,\"outcome\":\"$outcome\"$failure"
}

reap() {
    eval "process=\$process_$1 process_$1="
    [ -n "$process" ] || return
    wait "$process" 2>/dev/null
    remaining=
    for worker in $workers; do [ "$worker" = "$process" ] || remaining="$remaining $worker"; done
    workers=$remaining
}

# Calls a function for each node that a worker has in hand.
for_each_running() {
    current=0
    while [ "$current" -lt "$count" ]; do
        current=$((current + 1))
        eval "process=\$process_$current"
        [ -z "$process" ] || "$1" "$current"
    done
}

# Shows what the running programs printed since the last tick. One `wc` tells which logs have grown.
show_output() {
    set --
    current=0
    while [ "$current" -lt "$count" ]; do
        current=$((current + 1))
        eval "doing=\$phase_$current"
        case $doing in '' | examine | verify) ;; *) set -- "$@" "$current" ;; esac
    done
    [ $# -gt 0 ] || return 0
    running=$*
    for current; do set -- "$@" "$job/nodes/$current.log"; shift; done
    sizes=$(wc -c "$@" 2>/dev/null | awk '{ print $1 }')
    # shellcheck disable=SC2086 # Numbers, to be split.
    set -- $sizes
    for current in $running; do
        show_pieces "$current" "${1:-0}" 0
        [ $# -eq 0 ] || shift
    done
}

finish_output() {
    eval "doing=\$phase_$1"
    case $doing in '' | examine) return ;; esac
    show_pieces "$1" "$(wc -c <"$job/nodes/$1.log")" 1
}

show_pieces() { # node, size of its log, 1 if nothing more will come
    eval "offset=\$offset_$1 doing=\$phase_$1 shown=\$shown_$1"
    [ "$2" -gt "$offset" ] || return 0
    cut=0 keep=20 progress=0
    if [ $(($2 - offset)) -gt 65536 ]; then offset=$(($2 - 65536)) cut=1; fi
    [ "$doing" != clone ] || keep=1 progress=1
    output=$({ tail -c "+$((offset + 1))" "$job/nodes/$1.log" && printf .; } | tr '\000\r' '\001\n' |
        awk -v keep="$keep" -v progress="$progress" -v final="$3" -v cut="$cut" "$json_functions$pieces")
    node=$1
    IFS=$newline
    # shellcheck disable=SC2086 # Lines, to be split.
    set -- $output
    unset IFS
    [ $# -gt 0 ] || return 0
    eval "offset_$node=$((offset + $1))"
    shift
    for piece; do show_piece; done
}

show_piece() {
    case $doing in
    clone) ;;
    *) event line ",\"node\":$node,\"phase\":\"$doing\",\"text\":\"$piece\"" ;;
    esac
    case $doing in
    clone | pull)
        [ "$piece" != "$shown" ] || return 0
        shown=$piece
        eval "shown_$node=\$piece"
        event progress ",\"node\":$node,\"phase\":\"$doing\",\"text\":\"$piece\""
        ;;
    esac
}

# A worker that was killed says nothing. Its last words may wait behind this tick, but not behind the next.
look_after_workers() {
    for_each_running look_after
    [ -n "$helper" ] || return 0
    if look_up "$helper"; then return; fi
    [ "$helper_misses" -eq 0 ] || helper=
    helper_misses=$((helper_misses + 1))
}

# Runs a worker that has no node, and listens until it has answered, was killed, or everything shall stop.
consult() {
    work "$1"
    helper=$newest helper_misses=0
    while [ -n "$helper" ] && [ -z "$stopping" ]; do hear; done
    [ -z "$stopping" ] || return
    wait "$newest" 2>/dev/null
}

look_after() {
    eval "misses=\$misses_$1"
    if look_up "$process"; then return; fi
    eval "misses_$1=$((misses + 1)) state=\$state_$1"
    [ "$misses" -gt 0 ] || return
    printf 'The process that worked on it was killed.' >"$job/work/$1.text"
    eval "doing=\$phase_$1 outcome_$1=failed"
    case $state in equipping) code=pip_failed equipping= ;; *) code=clone_failed fetching=$((fetching - 1)) ;; esac
    hear_phase "$1" "${doing:-examine}" failed "$code" -
    reap "$1"
    finish_node "$1"
}

# Starts what can be started: fetches up to the limit, parents first; one node at a time in the Python environment.
schedule() {
    current=0
    while [ "$current" -lt "$count" ]; do
        current=$((current + 1))
        eval "state=\$state_$current kind=\$kind_$current parent=\$parent_$current"
        case $state$kind in
        waitingpackages | fetched*) [ -n "$equipping" ] || start "$current" equipping equip ;;
        waiting*) start_fetch "$current" ;;
        esac
    done
}

start_fetch() {
    if [ -n "$parent" ]; then
        eval "above=\$state_$parent above_outcome=\$outcome_$parent above_commit=\$commit_$parent"
        case $above in waiting | fetching) return ;; esac
        if [ "$above_outcome" = failed ] && [ -z "$above_commit" ]; then fail_for_parent "$1"; return; fi
    fi
    [ "$fetching" -lt "$jobs" ] || return 0
    fetching=$((fetching + 1))
    start "$1" fetching "fetch_$kind"
}

fail_for_parent() {
    eval "name=\$name_$parent"
    quote "It stands inside $name, which could not be fetched."
    eval "failure_$1=',\"code\":\"parent_failed\",\"text\":'\$quoted outcome_$1=failed"
    phase_event "$1" examine skipped ''
    finish_node "$1"
}

start() { # node, its new state, what a worker does with it
    choose "$1"
    : >>"$log"
    eval "state_$1=$2 misses_$1=0"
    [ "$2" != equipping ] || equipping=$1
    work "$3"
    eval "process_$1=$newest"
}

install_all() {
    fetching=0 equipping='' unfinished=$count
    while [ "$unfinished" -gt 0 ] && [ -z "$stopping" ]; do
        schedule
        [ "$unfinished" -eq 0 ] || hear
    done
}

# Removes what is not whole after everything was stopped.
clean_up() {
    [ -z "$cleaned" ] || return 0
    cleaned=yes
    end_workers
    current=0
    while [ "$mode" != verify ] && [ "$current" -lt "$count" ]; do
        current=$((current + 1))
        eval "state=\$state_$current kind=\$kind_$current"
        if [ "$state$kind" = fetchinggit ]; then
            choose "$current"
            remove_partial
        fi
    done
}

cancel() {
    clean_up
    current=0
    while [ "$mode" != verify ] && [ "$current" -lt "$count" ]; do
        current=$((current + 1))
        eval "state=\$state_$current"
        [ "$state" = 'done' ] || event node ",\"node\":$current,\"outcome\":\"cancelled\""
    done
    finish cancelled
}

finish() {
    event finished ",\"outcome\":\"$1\",\"failed\":$failed"
    trap '' TERM
    kill -s KILL "$ticker" 2>/dev/null
    wait "$ticker" 2>/dev/null
    leave_turn
    rm -rf -- "$job/work" "$job/fifo"
    until { printf '%s %s\n' "$1" "$size" >"$job/exit.new" && mv -f -- "$job/exit.new" "$job/exit"; } 2>/dev/null; do
        wait_for_room
    done
    exit 0
}

# Makes the job's folder this process's own.
take_job() {
    { job=$(cd -P -- "$1" && pwd -P) && mkdir -- "$job/lock"; } || {
        printf 'the folder of the job cannot be used, or another runner has it: %s\n' "$1" >&2
        exit 2
    }
    trap 'stopping=yes' TERM
    { read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
    look_up "$$"
    main_since=$since self="$$ $since $boot"
    printf '%s\n' "$self" >"$job/pid"
    printf '%s\n' "$now" >"$job/heartbeat"
    mkdir -p -- "$job/work" "$job/nodes" && mkfifo -- "$job/fifo" && cd -- "$job" || exit 2
    exec 3<>"$job/fifo" </dev/null
}

main() {
    take_job "$1"
    id=${job##*/} root=${job%/*}
    root=${root%/*}
    turn=$root/turn
    measure_sleep
    tick &
    ticker=$!
    read_plan
    event begun ",\"boot\":\"$boot\",\"mode\":\"$mode\",\"nodes\":$count"
    [ -z "$wrong" ] || refuse plan_damaged "The plan is damaged: $wrong."
    set_git_environment
    find_parents
    if [ "$mode" = examine ]; then examine_all; else install_and_verify; fi
    [ -z "$stopping" ] || cancel
    if [ "$failed" -eq 0 ]; then finish succeeded; else finish failed; fi
}

main "$1"
